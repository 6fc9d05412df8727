package dev.gossamer.xds.client;

import dev.gossamer.xds.delta.TypeUrl;

/** Is told what the client does, for metrics and readiness. Called by the one thread that runs the client. */
public interface DiscoveryListener {
    void onState(ConnectionState state);

    /** {@code bytes}: of the resources in the response. */
    void onResponse(TypeUrl type, int resources, int removed, long bytes);

    DiscoveryListener NONE = new DiscoveryListener() {
        @Override
        public void onState(ConnectionState state) {}

        @Override
        public void onResponse(TypeUrl type, int resources, int removed, long bytes) {}
    };
}
