/** The protobuf form of the few kinds that kubectl sends so, read into JSON trees. */
@NullMarked
package dev.gossamer.kube.server.protobuf;

import org.jspecify.annotations.NullMarked;
