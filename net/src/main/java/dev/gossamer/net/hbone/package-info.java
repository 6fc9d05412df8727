/** HTTP/2 as far as tunnels need it: CONNECT only, on a TLS connection, for both ends. */
@NullMarked
package dev.gossamer.net.hbone;

import org.jspecify.annotations.NullMarked;
