package dev.gossamer.kube.server;

/** Which pod is meant; {@code node} is empty while the pod is not scheduled. Immutable. */
public record PodRef(String namespace, String name, String uid, String node) {}
