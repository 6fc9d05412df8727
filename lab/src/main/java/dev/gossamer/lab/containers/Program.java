package dev.gossamer.lab.containers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an image stands for: a program of this machine, as an image's entry point, arguments and environment.
 *
 * <p>Immutable.
 *
 * @param workingDirectory where it starts; a directory of the pod's own if null
 */
public record Program(
        List<String> command,
        List<String> args,
        Map<String, String> env,
        @Nullable String workingDirectory) {
    public Program {
        command = List.copyOf(command);
        args = List.copyOf(args);
        env = Map.copyOf(env);
    }

    /** Where its files are, as far as its environment tells: {@code JAVA_HOME} and the like. */
    List<Path> directories() {
        return env.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith("_HOME"))
                .map(entry -> Path.of(entry.getValue()))
                .filter(Files::isDirectory)
                .sorted()
                .toList();
    }
}
