package dev.gossamer.control.observed;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pod. Immutable.
 *
 * @param namedPorts TCP ports of its containers, and of init containers that stay, by name
 * @param owner the controller that made it
 */
public record PodObject(
        Metadata metadata,
        Spec spec,
        Status status,
        Map<String, Integer> namedPorts,
        @Nullable Owner owner) implements Observed {
    public PodObject {
        namedPorts = Map.copyOf(namedPorts);
    }

    public record Spec(String node, String serviceAccount, boolean hostNetwork) {}

    /** {@code deleting}: someone asked for its end. Immutable. */
    public record Status(Phase phase, boolean ready, boolean deleting, List<InetAddress> addresses) {
        public Status {
            addresses = List.copyOf(addresses);
        }
    }

    public enum Phase {
        PENDING,
        RUNNING,
        SUCCEEDED,
        FAILED,
        UNKNOWN
    }

    public record Owner(String kind, String name) {}

    @Override
    public Kind kind() {
        return Kind.POD;
    }
}
