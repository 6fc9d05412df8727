package dev.gossamer.net.hbone;

/**
 * Counts frames that cost this side more than the peer, and ends the connection when there are too many: each kind may
 * come in bursts, but not for long.
 *
 * <p>Confined to the connection's event loop.
 */
final class FloodGuard {
    /** A kind of frame, how many may come at once, and how many per second in the long run. */
    enum Kind {
        PING(1_000, 100),
        SETTINGS(50, 5),
        /** Streams reset before they were answered, and streams refused (CVE-2023-44487). */
        EARLY_RESET(1_000, 500),
        EMPTY_DATA(1_000, 100),
        /** Frames without any use here. */
        IGNORED(1_000, 100);

        private final int burst;
        private final int perSecond;

        Kind(int burst, int perSecond) {
            this.burst = burst;
            this.perSecond = perSecond;
        }
    }

    private static final double NANOS_PER_SECOND = 1e9;
    private static final Kind[] KINDS = Kind.values();

    private final double[] left = new double[KINDS.length];
    private final long[] refilledNanos = new long[KINDS.length];

    FloodGuard(long nowNanos) {
        for (var kind : KINDS) {
            left[kind.ordinal()] = kind.burst;
            refilledNanos[kind.ordinal()] = nowNanos;
        }
    }

    void count(Kind kind, long nowNanos) throws ConnectionError {
        int i = kind.ordinal();
        double refill = (nowNanos - refilledNanos[i]) * (kind.perSecond / NANOS_PER_SECOND);
        refilledNanos[i] = nowNanos;
        left[i] = Math.min(kind.burst, left[i] + refill) - 1;
        if (left[i] < 0) {
            throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, "too many frames of the kind " + kind);
        }
    }
}
