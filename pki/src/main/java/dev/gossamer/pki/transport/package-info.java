/** How the mesh's programs reach the control plane: gRPC over TLS with a bearer token. */
@NullMarked
package dev.gossamer.pki.transport;

import org.jspecify.annotations.NullMarked;
