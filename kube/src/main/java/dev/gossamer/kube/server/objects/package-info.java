/** Create, read, update, delete: the same steps for every kind. */
@NullMarked
package dev.gossamer.kube.server.objects;

import org.jspecify.annotations.NullMarked;
