package dev.gossamer.kube.server.storage;

import java.util.List;

/** What a journal held. Immutable. */
record Recovered(long version, List<Entry> entries) {
    /** A new store begins at 1: in requests, version 0 means "any". */
    static final Recovered NOTHING = new Recovered(1, List.of());
}
