package dev.gossamer.kube.server;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Pods whose commands run right here and whose ports are this machine's own; their logs are three lines. */
final class LocalPods implements PodAccess {
    @Override
    public InputStream logs(PodRef pod, LogOptions options) throws PodAccessException {
        if (options.previous()) {
            throw new PodAccessException(
                    PodAccessException.Kind.REFUSED,
                    "previous terminated container \"" + options.container() + "\" in pod \"" + pod.name()
                            + "\" not found");
        }
        var lines = List.of("one", "two", "three");
        long tail = options.tailLines() == null ? lines.size() : Math.min(options.tailLines(), lines.size());
        var text = new StringBuilder();
        lines.subList((int) (lines.size() - tail), lines.size()).forEach(line -> {
            if (options.timestamps()) {
                text.append("2026-01-02T03:04:05.000000000Z ");
            }
            text.append(options.container()).append(' ').append(line).append('\n');
        });
        return new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public ExecSession exec(PodRef pod, ExecOptions options) throws PodAccessException {
        try {
            return new LocalProcess(new ProcessBuilder(options.command()).start());
        } catch (IOException e) {
            throw new PodAccessException(PodAccessException.Kind.FAILED, "cannot run: " + e.getMessage(), e);
        }
    }

    @Override
    public ExecSession attach(PodRef pod, ExecOptions options) throws PodAccessException {
        return exec(pod, new ExecOptions(options.container(), List.of("cat"), true, false));
    }

    @Override
    public ByteChannel connect(PodRef pod, int port) throws PodAccessException {
        try {
            return SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
        } catch (IOException e) {
            throw new PodAccessException(PodAccessException.Kind.REFUSED, "cannot connect: " + e.getMessage(), e);
        }
    }

    private record LocalProcess(Process process) implements ExecSession {
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
            throw new IllegalStateException("no terminal here");
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
}
