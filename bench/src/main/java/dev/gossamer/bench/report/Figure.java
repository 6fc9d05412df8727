package dev.gossamer.bench.report;

/** What is measured, with its unit and which way is better. */
public enum Figure {
    P50("p50 µs", "latency at the fixed rate, median", false),
    P90("p90 µs", "latency at the fixed rate, 90th percentile", false),
    P99("p99 µs", "latency at the fixed rate, 99th percentile", false),
    CPU_RATE("CPU ms/1000 req", "both proxies' CPU at the fixed rate", false),
    MAX("max req/s", "requests a second over kept connections", true),
    CPU_MAX("CPU ms/1000 req, max", "both proxies' CPU at the highest rate", false),
    CONNECTIONS("connections/s", "connect, one request, close", true),
    DOWN_1("Gbit/s down, 1", "download, one stream", true),
    UP_1("Gbit/s up, 1", "upload, one stream", true),
    DOWN_8("Gbit/s down, 8", "download, eight streams", true),
    RSS_IDLE("RSS MB idle", "client's proxy before any load", false),
    RSS_LOADED("RSS MB loaded", "client's proxy after all loads", false),
    ANON_LOADED("RssAnon MB loaded", "of which not backed by files", false),
    RSS_1K("RSS MB, 1k idle", "client's proxy with 1,000 idle connections", false),
    RSS_10K("RSS MB, 10k idle", "client's proxy with 10,000 idle connections", false);

    private final String title;
    private final String explanation;
    private final boolean moreIsBetter;

    Figure(String title, String explanation, boolean moreIsBetter) {
        this.title = title;
        this.explanation = explanation;
        this.moreIsBetter = moreIsBetter;
    }

    public String title() {
        return title;
    }

    public String explanation() {
        return explanation;
    }

    public boolean moreIsBetter() {
        return moreIsBetter;
    }
}
