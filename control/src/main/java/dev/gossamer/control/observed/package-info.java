/** Kubernetes objects as the mesh sees them: records that hold only what it is derived from. */
@NullMarked
package dev.gossamer.control.observed;

import org.jspecify.annotations.NullMarked;
