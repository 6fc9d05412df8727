/** Between the wire's messages and the mesh's records: the only place that knows both. */
@NullMarked
package dev.gossamer.xds.codec;

import org.jspecify.annotations.NullMarked;
