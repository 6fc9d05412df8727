/** The custom resource definitions of the APIs that a mesh is configured with: Istio's and the Gateway API. */
@NullMarked
package dev.gossamer.kube.api;

import org.jspecify.annotations.NullMarked;
