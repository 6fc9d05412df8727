/** Hands pods' namespaces to the node proxy, over its unix socket. */
@NullMarked
package dev.gossamer.node.handover;

import org.jspecify.annotations.NullMarked;
