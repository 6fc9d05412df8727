package dev.gossamer.xds.server;

import dev.gossamer.xds.delta.TypeUrl;

/** Is told what goes to proxies and what comes back, for metrics. Called by the sessions' threads; does not wait. */
public interface PushObserver {
    /** {@code snapshotVersion}: the one that the response brings its proxy to. */
    void onPush(TypeUrl type, long snapshotVersion);

    /** A proxy refused part of a response. */
    void onReject(TypeUrl type);

    PushObserver NONE = new PushObserver() {
        @Override
        public void onPush(TypeUrl type, long snapshotVersion) {}

        @Override
        public void onReject(TypeUrl type) {}
    };
}
