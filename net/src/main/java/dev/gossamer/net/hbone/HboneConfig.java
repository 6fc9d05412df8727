package dev.gossamer.net.hbone;

import java.time.Duration;

/**
 * The numbers of one end of a tunnel. Immutable.
 *
 * @param streamWindowBytes the most that a peer may send ahead on one stream; {@link WindowBudget} makes less of it
 *     where many streams are open
 * @param connectionWindowBytes the same for all streams of a connection together
 * @param frameBytes the largest frame that is accepted
 * @param streams the most streams that a connection carries at once
 * @param headerListBytes the most that a request's or an answer's headers may take, decoded
 * @param pingInterval how long after the last answer to ask again whether the peer is still there
 * @param pingTimeout how long to wait for the answer
 * @param drainTimeout how long streams may go on after {@link HboneConnection#drain}
 */
public record HboneConfig(
        int streamWindowBytes,
        int connectionWindowBytes,
        int frameBytes,
        int streams,
        int headerListBytes,
        Duration pingInterval,
        Duration pingTimeout,
        Duration drainTimeout) {
    private static final int MIN_FRAME_BYTES = 16 * 1024;
    private static final int MAX_FRAME_BYTES = (1 << 24) - 1;
    private static final int MIN_WINDOW_BYTES = 64 * 1024;

    public HboneConfig {
        if (frameBytes < MIN_FRAME_BYTES || frameBytes > MAX_FRAME_BYTES) {
            throw new IllegalArgumentException("HTTP/2 frames are from " + MIN_FRAME_BYTES + " to " + MAX_FRAME_BYTES
                    + " bytes, not " + frameBytes);
        }
        if (streamWindowBytes < MIN_WINDOW_BYTES || connectionWindowBytes < MIN_WINDOW_BYTES) {
            throw new IllegalArgumentException("HTTP/2 windows below " + MIN_WINDOW_BYTES + " bytes are too small: "
                    + streamWindowBytes + ", " + connectionWindowBytes);
        }
        if (streams < 1) {
            throw new IllegalArgumentException("a connection carries at least one stream, not " + streams);
        }
    }

    private static HboneConfig of(int streams, int headerListBytes) {
        return new HboneConfig(
                4 << 20,
                16 << 20,
                1 << 20,
                streams,
                headerListBytes,
                Duration.ofSeconds(10),
                Duration.ofSeconds(20),
                Duration.ofHours(1));
    }

    public static HboneConfig client() {
        return of(100, 16 * 1024);
    }

    public static HboneConfig server() {
        return of(200, 64 * 1024);
    }
}
