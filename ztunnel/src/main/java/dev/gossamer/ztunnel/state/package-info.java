/** What the proxy knows of the mesh: an immutable view behind one reference, derived off the event loops. */
@NullMarked
package dev.gossamer.ztunnel.state;

import org.jspecify.annotations.NullMarked;
