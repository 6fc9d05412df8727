/** Mutual TLS 1.3 with SPIFFE identities, straight on BoringSSL. */
@NullMarked
package dev.gossamer.net.tls;

import org.jspecify.annotations.NullMarked;
