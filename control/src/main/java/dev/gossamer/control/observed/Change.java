package dev.gossamer.control.observed;

/** One step in the life of the cluster's objects. Immutable. */
public sealed interface Change {
    /** {@code object} is new or differs from what was there. */
    record Upsert(Observed object) implements Change {}

    record Delete(Kind kind, ObjectName name) implements Change {}
}
