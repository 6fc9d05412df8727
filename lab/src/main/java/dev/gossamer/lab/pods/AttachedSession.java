package dev.gossamer.lab.pods;

import dev.gossamer.kube.server.ExecSession;
import dev.gossamer.lab.containers.ContainerState;
import dev.gossamer.lab.containers.ContainerTask;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A container's own streams: what it writes from now on, by way of its log. Thread-safe. */
final class AttachedSession implements ExecSession {
    private static final Logger LOG = LoggerFactory.getLogger(AttachedSession.class);

    private final ContainerTask container;
    private final InputStream log;
    private final OutputStream stdin;

    AttachedSession(ContainerTask container, InputStream log, OutputStream stdin) {
        this.container = container;
        this.log = log;
        this.stdin = stdin;
    }

    @Override
    public OutputStream stdin() {
        return stdin;
    }

    @Override
    public InputStream stdout() {
        return log;
    }

    @Override
    public InputStream stderr() {
        return InputStream.nullInputStream();
    }

    @Override
    public void resize(int columns, int rows) {
        // A container's own process has no terminal here.
    }

    @Override
    public int waitFor() throws InterruptedException {
        container.awaitEnd();
        return container.report().state() instanceof ContainerState.Terminated end ? end.exitCode() : 0;
    }

    @Override
    public void close() {
        try {
            log.close();
        } catch (IOException e) {
            LOG.debug("closing a log: {}", e.toString());
        }
    }
}
