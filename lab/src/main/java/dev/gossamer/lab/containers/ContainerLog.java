package dev.gossamer.lab.containers;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.gossamer.core.lifecycle.TimeSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * What one run of a container has written, in a file with the time before each line.
 *
 * <p>A file that has reached its bound moves aside, in place of the one before it: a log is never longer than twice the
 * bound. Thread-safe.
 */
final class ContainerLog implements AutoCloseable {
    static final long MAX_FILE_BYTES = 10L << 20;
    /** A line that never ends is cut, so that a program cannot fill the memory of the lab. */
    private static final int MAX_LINE_BYTES = 64 << 10;

    /** Nine digits always, so that the text after it begins at the same place in every line. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'").withZone(ZoneOffset.UTC);

    static final int TIME_LENGTH = 30;

    private final Path file;
    private final long maxFileBytes;
    private final TimeSource time;

    @GuardedBy("this")
    private OutputStream out;

    @GuardedBy("this")
    private long fileBytes;

    @GuardedBy("this")
    private int rotations;

    @GuardedBy("this")
    private boolean closed;

    ContainerLog(Path file, long maxFileBytes, TimeSource time) throws IOException {
        this.file = file;
        this.maxFileBytes = maxFileBytes;
        this.time = time;
        Files.createDirectories(file.getParent());
        this.out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
    }

    Path file() {
        return file;
    }

    /** The file before the current one; need not exist. */
    Path rotated() {
        return file.resolveSibling(file.getFileName() + ".1");
    }

    /** Copies {@code source} line by line until it ends. */
    void copy(InputStream source) throws IOException {
        var line = new byte[MAX_LINE_BYTES];
        int length = 0;
        var buffer = new byte[8192];
        int read;
        while ((read = source.read(buffer)) >= 0) {
            for (int i = 0; i < read; i++) {
                if (buffer[i] == '\n' || length == MAX_LINE_BYTES) {
                    append(line, length);
                    length = 0;
                }
                if (buffer[i] != '\n') {
                    line[length++] = buffer[i];
                }
            }
        }
        if (length > 0) {
            append(line, length);
        }
    }

    void append(String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        append(bytes, bytes.length);
    }

    private synchronized void append(byte[] line, int length) throws IOException {
        if (closed) {
            return;
        }
        if (fileBytes > maxFileBytes) {
            rotate();
        }
        var entry = new byte[TIME_LENGTH + 1 + length + 1];
        var stamp = TIME.format(time.now()).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(stamp, 0, entry, 0, TIME_LENGTH);
        entry[TIME_LENGTH] = ' ';
        System.arraycopy(line, 0, entry, TIME_LENGTH + 1, length);
        entry[entry.length - 1] = '\n';
        out.write(entry);
        fileBytes += entry.length;
        notifyAll();
    }

    @GuardedBy("this")
    private void rotate() throws IOException {
        out.close();
        Files.move(file, rotated(), StandardCopyOption.REPLACE_EXISTING);
        out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
        fileBytes = 0;
        rotations++;
    }

    /** How often the file has been replaced so far. */
    synchronized int rotations() {
        return rotations;
    }

    /** Waits until the current file has more than {@code seen} bytes, is another one than {@code rotation}, or ends. */
    synchronized void awaitMore(int rotation, long seen) throws InterruptedException {
        while (!closed && rotations == rotation && fileBytes <= seen) {
            wait();
        }
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** No more will be written; readers that follow come to an end. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        notifyAll();
        out.close();
    }

    static Instant timeOf(String stamp) {
        return Instant.parse(stamp);
    }
}
