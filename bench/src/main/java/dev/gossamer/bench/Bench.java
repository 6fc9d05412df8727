package dev.gossamer.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code gossamer bench} command. */
@Command(
        name = "gossamer bench",
        description = "Measures Gossamer beside its peers, in the same run and over the same namespaces.",
        mixinStandardHelpOptions = true,
        subcommands = L4Command.class)
public final class Bench {
    private Bench() {}

    public static void main(String[] args) {
        var line = new CommandLine(new Bench());
        line.setExecutionExceptionHandler((e, _, _) -> {
            System.err.println("gossamer bench: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
            return 1;
        });
        System.exit(args.length == 0 ? line.execute("--help") : line.execute(args));
    }
}
