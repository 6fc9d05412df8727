/** The pods of the node: what the node agent says of them, and the proxy of each. */
@NullMarked
package dev.gossamer.ztunnel.inpod;

import org.jspecify.annotations.NullMarked;
