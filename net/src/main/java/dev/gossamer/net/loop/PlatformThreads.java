package dev.gossamer.net.loop;

/**
 * Threads of the operating system, for what must not run on a virtual one: native calls that wait, and changes of
 * namespace. Thread-safe.
 */
public final class PlatformThreads {
    private PlatformThreads() {}

    /** A daemon thread, started. What {@code body} throws ends it and is reported by the JVM's default handler. */
    public static Thread start(String name, Runnable body) {
        return Thread.ofPlatform().name(name).daemon().start(body);
    }
}
