package dev.gossamer.kube.server;

import java.io.InputStream;
import java.io.OutputStream;

/**
 * A command that runs in a container, with its streams.
 *
 * <p>Implementations are thread-safe: each stream is used by one thread, {@link #close} by any.
 */
public interface ExecSession extends AutoCloseable {
    OutputStream stdin();

    InputStream stdout();

    /** Ends at once where the command has a terminal. */
    InputStream stderr();

    /** The caller's terminal has a new size, in characters. Ignored without a terminal. */
    void resize(int columns, int rows);

    /** Waits for the command's end and returns its exit code. */
    int waitFor() throws InterruptedException;

    /** Ends the command if it still runs (an attached container goes on) and closes the streams. */
    @Override
    void close();
}
