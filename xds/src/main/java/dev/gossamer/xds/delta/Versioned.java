package dev.gossamer.xds.delta;

import com.google.protobuf.ByteString;
import java.util.List;

/**
 * A resource as it goes over the wire, with a version that follows from its content: equal versions, equal resources.
 * Immutable.
 *
 * @param version empty where the sender gives none
 * @param payload the serialized message
 * @param aliases further names by which a proxy may ask for it
 * @param groups names with which a proxy that asks for them gets this resource too: of a workload, its services
 */
public record Versioned(String name, String version, ByteString payload, List<String> aliases, List<String> groups) {
    public Versioned {
        aliases = List.copyOf(aliases);
        groups = List.copyOf(groups);
    }
}
