/** The Kubernetes API as the mesh reads it: what is watched, how objects are read, and who a token belongs to. */
@NullMarked
package dev.gossamer.control.source;

import org.jspecify.annotations.NullMarked;
