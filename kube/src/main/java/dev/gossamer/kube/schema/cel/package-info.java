/** Validation rules in the Common Expression Language, with the functions that Kubernetes adds to it and within a budget. */
@NullMarked
package dev.gossamer.kube.schema.cel;

import org.jspecify.annotations.NullMarked;
