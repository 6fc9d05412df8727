/** What goes wrong with a request, in the words and numbers of a Kubernetes API server. */
@NullMarked
package dev.gossamer.kube.server.failure;

import org.jspecify.annotations.NullMarked;
