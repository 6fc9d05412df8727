/** The node proxy, wired: reading {@link dev.gossamer.ztunnel.Ztunnel} top to bottom is reading its architecture. */
@NullMarked
package dev.gossamer.ztunnel;

import org.jspecify.annotations.NullMarked;
