package dev.gossamer.lab.network;

import java.util.List;

/** What the cluster's DNS knows of a name. Immutable. */
sealed interface DnsAnswer {
    /** The name exists; without entries, it has none of the type asked for. */
    record Found(List<DnsEntry> entries, List<DnsEntry> additional) implements DnsAnswer {
        public Found {
            entries = List.copyOf(entries);
            additional = List.copyOf(additional);
        }
    }

    /** No such name, in the cluster or outside: the lab has no way out to ask anyone else. */
    record Unknown() implements DnsAnswer {}
}
