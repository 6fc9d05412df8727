/**
 * The cluster's state as one ordered stream of changes, fed by informers.
 *
 * <p>Built-in kinds and the Gateway API come as fabric8's typed classes. Istio's kinds come as
 * {@link io.fabric8.kubernetes.api.model.GenericKubernetesResource}: no typed model of them is published for this version of
 * the client, and a generic object never fails to parse, so one odd object cannot stop a whole informer.
 */
@NullMarked
package dev.gossamer.kube.watch;

import org.jspecify.annotations.NullMarked;
