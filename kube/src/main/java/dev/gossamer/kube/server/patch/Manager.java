package dev.gossamer.kube.server.patch;

/**
 * Who owns fields: a name, and the way it writes. The same name applying and updating is two managers.
 *
 * <p>Immutable.
 *
 * @param apply by server-side apply; else by create, update or another patch
 * @param subresource {@code status} or {@code scale}; empty for the object itself
 */
public record Manager(String name, boolean apply, String apiVersion, String subresource) {
    /** The manager in the words of a conflict message. */
    String display() {
        var text = new StringBuilder("\"").append(name).append('"');
        if (!subresource.isEmpty()) {
            text.append(" with subresource \"").append(subresource).append('"');
        }
        if (!apply) {
            text.append(" using ").append(apiVersion);
        }
        return text.toString();
    }
}
