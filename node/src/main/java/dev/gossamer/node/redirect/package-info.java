/** Netfilter rules and routes that lead a pod's connections through the node proxy. */
@NullMarked
package dev.gossamer.node.redirect;

import org.jspecify.annotations.NullMarked;
