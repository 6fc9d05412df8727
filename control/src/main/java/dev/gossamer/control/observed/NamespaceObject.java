package dev.gossamer.control.observed;

/** A namespace: defaults for what is inside. Immutable. */
public record NamespaceObject(Metadata metadata) implements Observed {
    @Override
    public Kind kind() {
        return Kind.NAMESPACE;
    }
}
