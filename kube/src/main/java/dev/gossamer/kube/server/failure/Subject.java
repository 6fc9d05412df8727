package dev.gossamer.kube.server.failure;

/**
 * What a request was about: {@code deployments.apps "x"}.
 *
 * <p>Immutable.
 *
 * @param resource plural, in lower case
 */
public record Subject(String group, String resource, String kind, String name) {
    /** {@code deployments.apps}, or {@code pods} in the core group. */
    public String qualifiedResource() {
        return group.isEmpty() ? resource : resource + "." + group;
    }

    /** {@code Deployment.apps}. */
    public String qualifiedKind() {
        return group.isEmpty() ? kind : kind + "." + group;
    }
}
