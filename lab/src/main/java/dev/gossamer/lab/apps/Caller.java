package dev.gossamer.lab.apps;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Calls one target again and again, by one kind of connection. Confined to its thread. */
final class Caller {
    private static final Duration AFTER_FAILURE = Duration.ofMillis(500);

    private final DemoConfig config;
    private final DemoConfig.Target target;
    private final boolean keepAlive;
    private final CallCounter counter;
    private final PrintStream out;
    private @Nullable HttpConnection kept;
    /** The first connection is none that was made again. */
    private boolean connectedBefore;

    Caller(DemoConfig config, DemoConfig.Target target, boolean keepAlive, PrintStream out) {
        this.config = config;
        this.target = target;
        this.keepAlive = keepAlive;
        this.counter = new CallCounter(target.toString(), keepAlive ? "keep-alive" : "new");
        this.out = out;
    }

    CallCounter counter() {
        return counter;
    }

    void run() throws InterruptedException {
        var pause = Duration.ofSeconds(1).dividedBy(config.ratePerSecond());
        awaitTarget();
        while (true) {
            try {
                call();
                counter.succeeded();
            } catch (IOException e) {
                counter.failed();
                out.println("FAILED call " + counter.total() + " to " + target + " ("
                        + (keepAlive ? "keep-alive" : "new") + " connection): " + e);
                drop();
                Thread.sleep(AFTER_FAILURE);
            }
            if (counter.total() % config.logEvery() == 0) {
                out.println(counter);
            }
            Thread.sleep(pause);
        }
    }

    /** Services start in any order: what fails before the first answer says nothing of the network. */
    private void awaitTarget() throws InterruptedException {
        while (true) {
            try (var connection = HttpConnection.open(target, config.name())) {
                connection.get("/", true);
                out.println(target + " answers");
                return;
            } catch (IOException e) {
                out.println("waiting for " + target + ": " + e.getMessage());
                Thread.sleep(AFTER_FAILURE);
            }
        }
    }

    private void call() throws IOException {
        if (!keepAlive) {
            try (var connection = HttpConnection.open(target, config.name())) {
                connection.get("/", true);
            }
            return;
        }
        var connection = kept;
        if (connection == null) {
            connection = HttpConnection.open(target, config.name());
            kept = connection;
            if (connectedBefore) {
                counter.reconnected();
            }
            connectedBefore = true;
        }
        connection.get("/", false);
    }

    private void drop() {
        var connection = kept;
        kept = null;
        if (connection != null) {
            try {
                connection.close();
            } catch (IOException e) {
                out.println("closing the connection to " + target + ": " + e);
            }
        }
    }
}
