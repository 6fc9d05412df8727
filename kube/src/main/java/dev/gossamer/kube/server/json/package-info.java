/** JSON trees: reading what a client sent within bounds, and the small accessors that objects need. */
@NullMarked
package dev.gossamer.kube.server.json;

import org.jspecify.annotations.NullMarked;
