package dev.gossamer.lab.network;

/** A record of the cluster's zone. Immutable. */
sealed interface DnsEntry {
    /** Fully qualified, with the dot at the end. */
    String owner();

    record Address(String owner, String ipv4) implements DnsEntry {}

    record Srv(String owner, int port, String target) implements DnsEntry {}

    record Alias(String owner, String target) implements DnsEntry {}
}
