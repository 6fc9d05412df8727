package dev.gossamer.lab.pods;

import dev.gossamer.kube.server.ExecSession;
import java.io.InputStream;
import java.io.OutputStream;

/** A command in a container. Thread-safe, as a process is. */
final class ProcessSession implements ExecSession {
    private final Process process;

    ProcessSession(Process process) {
        this.process = process;
    }

    @Override
    public OutputStream stdin() {
        return process.getOutputStream();
    }

    @Override
    public InputStream stdout() {
        return process.getInputStream();
    }

    @Override
    public InputStream stderr() {
        return process.getErrorStream();
    }

    @Override
    public void resize(int columns, int rows) {
        // The terminal belongs to script(1), which offers no way to tell it.
    }

    @Override
    public int waitFor() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroy();
    }
}
