package dev.gossamer.lab.containers;

import java.util.List;
import java.util.Map;

/** What an image stands for: a program of this machine, as an image's entry point, arguments and environment. Immutable. */
public record Program(List<String> command, List<String> args, Map<String, String> env) {
    public Program {
        command = List.copyOf(command);
        args = List.copyOf(args);
        env = Map.copyOf(env);
    }
}
