package dev.gossamer.ztunnel.state;

/** How the node agent names a pod of this node: it does not know the mesh's uids. Immutable. */
public record LocalWorkloadKey(String name, String namespace, String serviceAccount) {
    @Override
    public String toString() {
        return namespace + "/" + name + " (service account " + serviceAccount + ")";
    }
}
