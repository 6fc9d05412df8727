package dev.gossamer.core.workload;

/**
 * What identifies a service: the namespace that declares it, and its hostname. Immutable.
 *
 * @param hostname fully qualified; may be a wildcard such as {@code *.example.com}
 */
public record ServiceName(String namespace, String hostname) implements Comparable<ServiceName> {
    /**
     * Reads {@code namespace/hostname}.
     *
     * @throws IllegalArgumentException if there is no slash
     */
    public static ServiceName parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("not namespace/hostname: " + text);
        }
        return new ServiceName(text.substring(0, slash), text.substring(slash + 1));
    }

    @Override
    public int compareTo(ServiceName other) {
        int byHost = hostname.compareTo(other.hostname);
        return byHost != 0 ? byHost : namespace.compareTo(other.namespace);
    }

    @Override
    public String toString() {
        return namespace + "/" + hostname;
    }
}
