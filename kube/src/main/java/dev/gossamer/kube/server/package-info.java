/** An embedded Kubernetes-compatible API server: what kubectl and client libraries speak to when there is no cluster. */
@NullMarked
package dev.gossamer.kube.server;

import org.jspecify.annotations.NullMarked;
