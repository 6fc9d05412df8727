package dev.gossamer.ztunnel.inpod;

import dev.gossamer.net.linux.Netns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a pod can still be reached. Stateless. */
final class PodNetwork {
    /** Of the thread that reads it, which is the namespace that it entered. */
    private static final Path DEVICES = Path.of("/proc/thread-self/net/dev");

    private static final int HEADER_LINES = 2;

    private PodNetwork() {}

    /** The kubelet takes a deleted pod's interface away; open sockets keep its namespace alive, empty but for loopback. */
    static boolean isGone(Netns namespace) {
        try {
            return namespace.call(() -> {
                try (var lines = Files.lines(DEVICES)) {
                    return lines.skip(HEADER_LINES)
                            .allMatch(line -> line.strip().startsWith("lo:"));
                }
            });
        } catch (IOException e) {
            return true;
        } catch (Exception e) {
            throw new IllegalStateException("reading a pod's interfaces failed", e);
        }
    }
}
