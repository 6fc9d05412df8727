package dev.gossamer.net.loop;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The event loops of one program, and the memory that its channels share.
 *
 * <p>Every bootstrap on these loops sets {@code ChannelOption.ALLOCATOR} to {@link #allocator()}: Netty's default
 * allocator is not the one that was measured. Thread-safe.
 */
public final class Loops implements AutoCloseable {
    private static final int PAGE_BYTES = 8192;
    /** Chunks of 8 KiB * 2^6 = 512 KiB: smaller ones cost throughput, larger ones keep memory after a burst. */
    private static final int MAX_ORDER = 6;

    private static final int SMALL_CACHE = 256;
    private static final int NORMAL_CACHE = 64;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final EventLoopGroup group;
    private final List<EventLoop> loops;
    private final ByteBufAllocator allocator;
    private final AtomicInteger turn = new AtomicInteger();

    private Loops(EventLoopGroup group, List<EventLoop> loops, ByteBufAllocator allocator) {
        this.group = group;
        this.loops = loops;
        this.allocator = allocator;
    }

    /**
     * Starts {@code threads} loops on epoll; their threads are called {@code name-1}, {@code name-2}, …
     *
     * @throws IllegalStateException if epoll's native part cannot be loaded: an installation that is not whole, or a
     *     processor that none is shipped for
     */
    public static Loops start(String name, int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("at least one event loop is needed, not " + threads);
        }
        if (!Epoll.isAvailable()) {
            throw new IllegalStateException(
                    "Netty's native epoll transport cannot be loaded (is this Linux on x86_64 or aarch64?)",
                    Epoll.unavailabilityCause());
        }
        var group = new MultiThreadIoEventLoopGroup(threads, numbered(name), SteadyEpollHandler.newFactory());
        var loops = new ArrayList<EventLoop>(threads);
        group.forEach(executor -> loops.add((EventLoop) executor));
        return new Loops(group, List.copyOf(loops), pooled(threads));
    }

    /**
     * One arena a loop, direct memory only. Its upper bound is the JVM's {@code -XX:MaxDirectMemorySize}; what makes
     * the programs stay below are the bounds of queues and windows.
     */
    private static ByteBufAllocator pooled(int threads) {
        return new PooledByteBufAllocator(true, 0, threads, PAGE_BYTES, MAX_ORDER, SMALL_CACHE, NORMAL_CACHE, false);
    }

    private static ThreadFactory numbered(String name) {
        var number = new AtomicInteger();
        // Netty recycles and caches per FastThreadLocalThread: plain threads would take its slow paths.
        return body -> {
            var thread =
                    new io.netty.util.concurrent.FastThreadLocalThread(body, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    public EventLoopGroup group() {
        return group;
    }

    public List<EventLoop> all() {
        return loops;
    }

    /** The loops in turn. */
    public EventLoop next() {
        return loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
    }

    public ByteBufAllocator allocator() {
        return allocator;
    }

    /** Closes every channel that is left and ends the threads; waits for that. */
    @Override
    public void close() {
        group.shutdownGracefully(0, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .syncUninterruptibly();
    }
}
