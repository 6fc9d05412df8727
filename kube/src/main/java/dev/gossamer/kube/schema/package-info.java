/** Structural schemas, as custom resource definitions carry them: defaults, pruning, validation and the facts of merging. */
@NullMarked
package dev.gossamer.kube.schema;

import org.jspecify.annotations.NullMarked;
