package dev.gossamer.kube.server.storage;

/**
 * Where an object stands, whatever version it is read in.
 *
 * <p>Immutable.
 *
 * @param resource group and plural, {@code apps/deployments}
 * @param namespace empty for what belongs to the cluster
 */
public record Key(String resource, String namespace, String name) {
    /** Sorts by namespace, then name: neither can contain the slash. */
    String place() {
        return namespace + "/" + name;
    }
}
