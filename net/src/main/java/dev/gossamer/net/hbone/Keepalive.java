package dev.gossamer.net.hbone;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks the peer from time to time whether it is still there.
 *
 * <p>Confined to the connection's event loop.
 */
final class Keepalive {
    /** Tells our own pings' answers from others'. Any number will do. */
    private static final long CONTENT = 0x676f_7373_616d_6572L;

    private final EventLoop loop;
    private final Duration interval;
    private final Duration timeout;
    private final FrameWriter writer;
    private final Runnable flush;
    private final Runnable onSilence;
    private @Nullable ScheduledFuture<?> timer;

    Keepalive(
            EventLoop loop,
            Duration interval,
            Duration timeout,
            FrameWriter writer,
            Runnable flush,
            Runnable onSilence) {
        this.loop = loop;
        this.interval = interval;
        this.timeout = timeout;
        this.writer = writer;
        this.flush = flush;
        this.onSilence = onSilence;
    }

    void start() {
        timer = loop.schedule(this::ask, interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void ask() {
        writer.ping(CONTENT, false);
        flush.run();
        timer = loop.schedule(onSilence, timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    void onAnswer(long content) {
        if (content == CONTENT && timer != null) {
            stop();
            start();
        }
    }

    void stop() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
