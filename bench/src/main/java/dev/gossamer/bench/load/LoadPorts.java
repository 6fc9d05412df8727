package dev.gossamer.bench.load;

/** Where the load's server listens, and the sizes that both ends agree on. */
public final class LoadPorts {
    /** Answers each request of {@link #REQUEST_BYTES} with {@link #ANSWER_BYTES}. */
    public static final int ANSWERS = 7001;
    /** Sends without end. */
    public static final int SOURCE = 7002;
    /** Discards what it gets and reports the total, eight bytes after each {@link #REPORT_BYTES}. */
    public static final int SINK = 7003;

    static final int REQUEST_BYTES = 64;
    static final int ANSWER_BYTES = 1024;
    static final int REPORT_BYTES = 1 << 20;

    private LoadPorts() {}
}
