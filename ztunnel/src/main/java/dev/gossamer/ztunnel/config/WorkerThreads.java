package dev.gossamer.ztunnel.config;

import dev.gossamer.core.config.Settings;
import org.jspecify.annotations.Nullable;

/** How many event loops the data plane gets. Stateless. */
final class WorkerThreads {
    private static final int MIN = 2;
    private static final double SHARE = 0.25;

    private WorkerThreads() {}

    static int read(Settings env, int cores) {
        var asked = env.optionalText("ZTUNNEL_WORKER_THREADS");
        var limit = env.optionalText("ZTUNNEL_CPU_LIMIT");
        if (limit == null) {
            limit = env.optionalText("ZTUNNEL_RESOURCE_CPU_LIMIT");
        }
        var request = env.optionalText("ZTUNNEL_RESOURCE_CPU_REQUEST");
        try {
            return asked == null ? derived(limit, request, cores) : explicit(asked, cores);
        } catch (NumberFormatException e) {
            env.reject("ZTUNNEL_WORKER_THREADS, ZTUNNEL_CPU_LIMIT or a ZTUNNEL_RESOURCE_CPU_ setting: " + e.getMessage()
                    + " (use 4, 500m or, for the threads, 50%)");
            return MIN;
        }
    }

    /** {@code 4}, {@code 50%} of the cores, or {@code 0} for all of them. */
    private static int explicit(String text, int cores) {
        if (text.endsWith("%")) {
            double share = Double.parseDouble(text.substring(0, text.length() - 1)) / 100;
            return Math.max(1, (int) Math.ceil(cores * share));
        }
        int threads = Integer.parseInt(text.strip());
        return threads == 0 ? cores : threads;
    }

    private static int derived(@Nullable String limit, @Nullable String request, int cores) {
        if (limit != null && quantity(limit) > 0) {
            return quantity(limit);
        }
        int share = (int) Math.ceil(cores * SHARE);
        return Math.max(MIN, Math.max(share, request == null ? 0 : quantity(request)));
    }

    /** A Kubernetes quantity of CPU, rounded up. */
    private static int quantity(String text) {
        var stripped = text.strip();
        if (stripped.endsWith("m")) {
            return Math.ceilDiv(Integer.parseInt(stripped.substring(0, stripped.length() - 1)), 1000);
        }
        return (int) Math.ceil(Double.parseDouble(stripped));
    }
}
