/** {@code authn}: who is a workload, and is its traffic mutual TLS. */
@NullMarked
package dev.gossamer.cli.authn;

import org.jspecify.annotations.NullMarked;
