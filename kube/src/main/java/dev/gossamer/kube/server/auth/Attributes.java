package dev.gossamer.kube.server.auth;

/** What someone wants to do. */
public sealed interface Attributes {
    String verb();

    /** Immutable. */
    record ForResource(String verb, String group, String resource, String subresource, String namespace, String name)
            implements Attributes {
        /** {@code pods} or {@code pods/log}, as roles write it. */
        String qualified() {
            return subresource.isEmpty() ? resource : resource + "/" + subresource;
        }
    }

    /** A path that is none of a resource. Immutable. */
    record ForPath(String verb, String path) implements Attributes {}
}
