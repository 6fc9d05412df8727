package dev.gossamer.control.observed;

/** The mesh's settings that come from the cluster; empty: not set there. Immutable. */
public record MeshConfigObject(Metadata metadata, String trustDomain, String rootNamespace) implements Observed {
    @Override
    public Kind kind() {
        return Kind.MESH_CONFIG;
    }
}
