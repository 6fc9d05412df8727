package dev.gossamer.lab.pods;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What nodes say of the machine they are on. Immutable. */
final class Machine {
    private Machine() {}

    static long memoryKib() {
        try {
            return Files.readAllLines(Path.of("/proc/meminfo")).stream()
                    .filter(line -> line.startsWith("MemTotal:"))
                    .map(line -> line.replaceAll("\\D", ""))
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElseThrow(() -> new IOException("/proc/meminfo has no MemTotal"));
        } catch (IOException e) {
            throw new UncheckedIOException("reading this machine's memory size", e);
        }
    }

    static String kernel() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("reading this machine's kernel version", e);
        }
    }

    /** As Kubernetes names processors. */
    static String architecture() {
        return switch (System.getProperty("os.arch")) {
            case "amd64" -> "amd64";
            case "aarch64" -> "arm64";
            case String other -> other;
        };
    }
}
