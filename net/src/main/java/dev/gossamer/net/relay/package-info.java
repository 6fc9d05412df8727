/** Copies a connection's bytes both ways, between two TCP channels or a TCP channel and a tunnel's stream. */
@NullMarked
package dev.gossamer.net.relay;

import org.jspecify.annotations.NullMarked;
