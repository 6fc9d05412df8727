package dev.gossamer.net.relay;

/** Bytes that a relay took in from each side. Immutable. */
public record RelayCounts(long fromClient, long fromServer) {}
