package dev.gossamer.xds.delta;

import com.google.protobuf.ByteString;
import java.util.List;

/**
 * A resource as it goes over the wire, with a version that follows from its content: equal versions, equal resources.
 * Immutable.
 *
 * @param payload the serialized {@code google.protobuf.Any}
 * @param aliases further names by which a proxy that asks for single resources may ask for it
 */
public record Versioned(String name, String version, ByteString payload, List<String> aliases) {
    public Versioned {
        aliases = List.copyOf(aliases);
    }
}
