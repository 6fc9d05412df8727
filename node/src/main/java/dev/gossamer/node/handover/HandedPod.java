package dev.gossamer.node.handover;

import dev.gossamer.net.linux.Netns;

/** A pod that the node proxy is to serve, and its namespace, which stays the caller's. Immutable. */
public record HandedPod(String uid, String name, String namespace, String serviceAccount, Netns netns) {}
