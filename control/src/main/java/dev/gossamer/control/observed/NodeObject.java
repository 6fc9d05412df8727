package dev.gossamer.control.observed;

/** A node: its labels say where it stands. Immutable. */
public record NodeObject(Metadata metadata) implements Observed {
    @Override
    public Kind kind() {
        return Kind.NODE;
    }
}
