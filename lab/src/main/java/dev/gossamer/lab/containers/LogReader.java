package dev.gossamer.lab.containers;

import dev.gossamer.kube.server.LogOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * A container's log as its reader wants it: filtered, and followed if asked for.
 *
 * <p>Confined to one reader; {@link #close} may come from another thread.
 */
final class LogReader extends InputStream {
    private final ContainerLog log;
    private final LogOptions options;
    private final ArrayDeque<byte[]> pending = new ArrayDeque<>();
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    private final ByteBuffer chunk = ByteBuffer.allocate(16 << 10);
    private long remaining;
    private int rotation;
    private boolean inRotated;
    private FileChannel file;
    private volatile boolean closed;

    LogReader(ContainerLog log, LogOptions options) throws IOException {
        this.log = log;
        this.options = options;
        this.remaining = options.limitBytes() == null ? Long.MAX_VALUE : options.limitBytes();
        this.rotation = log.rotations();
        this.inRotated = Files.exists(log.rotated());
        this.file = FileChannel.open(inRotated ? log.rotated() : log.file());
        if (options.tailLines() != null) {
            do {
                keepTail();
            } while (readOn());
            keepTail();
        }
    }

    private void keepTail() {
        var tail = options.tailLines();
        while (tail != null && pending.size() > tail) {
            pending.poll();
        }
    }

    /** Takes the next bytes of the file apart into lines. */
    private boolean readChunk() throws IOException {
        if (file.read(chunk.clear()) <= 0) {
            return false;
        }
        chunk.flip();
        while (chunk.hasRemaining()) {
            byte b = chunk.get();
            partial.write(b);
            if (b == '\n') {
                accept(partial.toByteArray());
                partial.reset();
            }
        }
        return true;
    }

    /** As {@link #readChunk}, going from the older file to the current one. */
    private boolean readOn() throws IOException {
        if (readChunk()) {
            return true;
        }
        if (!inRotated) {
            return false;
        }
        open();
        inRotated = false;
        return readChunk();
    }

    private void open() throws IOException {
        file.close();
        file = FileChannel.open(log.file());
    }

    private void accept(byte[] line) {
        var since = options.since();
        if (since != null) {
            var stamp = new String(line, 0, ContainerLog.TIME_LENGTH, StandardCharsets.US_ASCII);
            if (ContainerLog.timeOf(stamp).isBefore(since)) {
                return;
            }
        }
        pending.add(options.timestamps() ? line : Arrays.copyOfRange(line, ContainerLog.TIME_LENGTH + 1, line.length));
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (pending.isEmpty()) {
            if (closed || remaining == 0) {
                return -1;
            }
            if (!readOn() && (!options.follow() || !awaitMore())) {
                return -1;
            }
        }
        if (remaining == 0) {
            return -1;
        }
        var line = pending.poll();
        if (line == null) {
            return -1;
        }
        int count = (int) Math.min(remaining, Math.min(length, line.length));
        System.arraycopy(line, 0, target, offset, count);
        remaining -= count;
        if (count < line.length) {
            pending.addFirst(Arrays.copyOfRange(line, count, line.length));
        }
        return count;
    }

    /** Returns false when nothing will follow. */
    private boolean awaitMore() throws IOException {
        // Asked before the next look at the file, so that nothing written in between is missed.
        boolean ended = log.isClosed();
        int current = log.rotations();
        if (readChunk()) {
            return true;
        }
        if (current != rotation) {
            open();
            rotation = current;
            return true;
        }
        if (ended) {
            return false;
        }
        try {
            log.awaitMore(rotation, file.position());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("reading a log was interrupted");
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        file.close();
    }
}
