/** The pods of a node: which of them belong into the mesh, where their namespaces are, and how others learn of it. */
@NullMarked
package dev.gossamer.node.pods;

import org.jspecify.annotations.NullMarked;
