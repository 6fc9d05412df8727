package dev.gossamer.control.status;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.gossamer.control.source.Cluster;
import dev.gossamer.core.lifecycle.Backoff;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Things that may have to be written, each at most once in the queue; what fails is tried again.
 *
 * <p>Thread-safe; one task works.
 */
final class WriteQueue<K> {
    private static final Logger LOG = LoggerFactory.getLogger(WriteQueue.class);

    /** Brings one thing into the state that it should have, from what is known at that moment. */
    @FunctionalInterface
    interface Writer<K> {
        void write(K key);
    }

    private final String what;
    private final Writer<K> writer;
    private final Backoff backoff;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();

    @GuardedBy("lock")
    private final LinkedHashSet<K> waiting = new LinkedHashSet<>();

    /** {@code what}: for the log, in the plural. */
    WriteQueue(String what, Writer<K> writer, RandomGenerator random) {
        this.what = what;
        this.writer = writer;
        this.backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30), 0.2, random);
    }

    void add(K key) {
        lock.lock();
        try {
            waiting.add(key);
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Works until interrupted. */
    void run() throws InterruptedException {
        while (true) {
            var batch = take();
            var failed = new HashSet<K>();
            for (var key : batch) {
                try {
                    writer.write(key);
                } catch (KubernetesClientException e) {
                    LOG.warn("cannot write {} ({}), trying again: {}", what, key, Cluster.reason(e));
                    failed.add(key);
                }
            }
            if (failed.isEmpty()) {
                backoff.reset();
            } else {
                Thread.sleep(backoff.next());
                failed.forEach(this::add);
            }
        }
    }

    private Set<K> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty()) {
                filled.await();
            }
            var taken = new LinkedHashSet<>(waiting);
            waiting.clear();
            return taken;
        } finally {
            lock.unlock();
        }
    }
}
