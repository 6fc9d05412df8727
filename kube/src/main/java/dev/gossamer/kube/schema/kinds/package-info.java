/** The kinds that an API server has without any definition being applied, and OpenAPI documents for built-in and custom kinds. */
@NullMarked
package dev.gossamer.kube.schema.kinds;

import org.jspecify.annotations.NullMarked;
