package dev.gossamer.kube.server;

import java.util.List;

/**
 * A command to run in a container, and which of its streams the caller wants.
 *
 * <p>Immutable.
 *
 * @param tty run it on a terminal; its standard error then comes with standard output
 */
public record ExecOptions(String container, List<String> command, boolean stdin, boolean tty) {
    public ExecOptions {
        command = List.copyOf(command);
    }
}
