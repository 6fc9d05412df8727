/** The whole mesh, end to end: real programs, real namespaces, one lab for all tests of a run. */
@NullMarked
package dev.gossamer.lab.mesh;

import org.jspecify.annotations.NullMarked;
