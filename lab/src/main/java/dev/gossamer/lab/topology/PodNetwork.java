package dev.gossamer.lab.topology;

/**
 * Where a pod's processes live.
 *
 * <p>Immutable.
 *
 * @param device the pod's device as its node sees it
 */
public record PodNetwork(Namespace namespace, String address, String device) {}
