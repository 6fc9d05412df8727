package dev.gossamer.cli.kubectl;

import dev.gossamer.cli.command.CommandException;
import dev.gossamer.cli.command.ExitCode;
import dev.gossamer.core.config.Settings;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/** Runs kubectl, or what stands in for it. */
public final class Kubectl {
    private Kubectl() {}

    /** Runs to its end, on this terminal; returns its exit code. */
    public static int run(Path kubeconfig, List<String> arguments, CommandLine command)
            throws CommandException, InterruptedException {
        var real = installed();
        if (real.isEmpty()) {
            return new BuiltIn(kubeconfig, command.getOut()).run(arguments);
        }
        var line = new ArrayList<String>();
        line.add(real.get().toString());
        line.addAll(arguments);
        var builder = new ProcessBuilder(line).inheritIO();
        builder.environment().put("KUBECONFIG", kubeconfig.toAbsolutePath().toString());
        try {
            return builder.start().waitFor();
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, real.get() + " does not start: " + e.getMessage(), e);
        }
    }

    private static Optional<Path> installed() {
        return Arrays.stream(Settings.ofEnvironment().text("PATH", "").split(File.pathSeparator))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, "kubectl"))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
