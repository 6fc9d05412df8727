package dev.gossamer.lab.volumes;

import java.nio.file.Path;

/** A file or directory that a container sees at {@code target}. Immutable. */
public record Mount(Path source, String target, boolean readOnly) {
    public Mount {
        if (!target.startsWith("/")) {
            throw new IllegalArgumentException("a mount's target is an absolute path, not '" + target + "'");
        }
    }
}
