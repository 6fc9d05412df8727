/** Certificates as the mesh uses them: a workload's own, the roots that it trusts, and the check of a peer's. */
@NullMarked
package dev.gossamer.pki;

import org.jspecify.annotations.NullMarked;
