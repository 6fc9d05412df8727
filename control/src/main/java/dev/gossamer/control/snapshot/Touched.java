package dev.gossamer.control.snapshot;

import dev.gossamer.control.observed.Kind;
import dev.gossamer.control.observed.ObjectName;
import dev.gossamer.control.observed.Observed;
import java.util.LinkedHashSet;
import java.util.Set;

/** What must be derived again. Confined to the builder's thread. */
final class Touched {
    private final Set<Origin> origins = new LinkedHashSet<>();

    void add(Observed object) {
        add(object.kind(), object.name());
    }

    void add(Kind kind, ObjectName name) {
        origins.add(new Origin(kind, name));
    }

    Set<Origin> origins() {
        return origins;
    }
}
