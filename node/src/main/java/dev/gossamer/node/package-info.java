/** The node agent: takes pods of its node into the mesh and out of it, without cutting a connection. */
@NullMarked
package dev.gossamer.node;

import org.jspecify.annotations.NullMarked;
