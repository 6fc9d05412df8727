/** The certificate authority and its gRPC service. */
@NullMarked
package dev.gossamer.pki.issue;

import org.jspecify.annotations.NullMarked;
