/** The lab's network: a bridge, nodes and pods as network namespaces, and the addresses they get. */
@NullMarked
package dev.gossamer.lab.topology;

import org.jspecify.annotations.NullMarked;
