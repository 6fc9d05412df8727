package dev.gossamer.xds.delta;

import java.util.List;

/**
 * What a server sends: resources that are new or changed, and names of those that are gone. Immutable.
 *
 * @param systemVersion of the server's state as a whole; for people
 */
public record DeltaResponse(
        TypeUrl type, String systemVersion, String nonce, List<Versioned> resources, List<String> removed) {
    public DeltaResponse {
        resources = List.copyOf(resources);
        removed = List.copyOf(removed);
    }
}
