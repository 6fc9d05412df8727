package dev.gossamer.cli.ztunnel;

import dev.gossamer.cli.command.CommandException;
import dev.gossamer.cli.command.ExitCode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ztunnel-config log}. Confined to the command's thread. */
@Command(
        name = "log",
        description = "Print or change how much the ztunnels log.",
        footer = {
            "",
            "Examples:",
            "  ./gossamer ztunnel-config log",
            "  ./gossamer zc log --node node-1 --level access=debug",
            "  ./gossamer zc log --reset"
        })
final class LogCommand implements Callable<Integer> {
    @Mixin
    private final DumpOptions source = new DumpOptions();

    @Option(
            names = "--level",
            paramLabel = "[TARGET=]LEVEL[,…]",
            description = "Levels to set: error, warn, info, debug, trace, off; for all or for one target.")
    private @Nullable String level;

    @Option(
            names = {"-r", "--reset"},
            description = "Back to info.")
    private boolean reset;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws CommandException, InterruptedException {
        if (spec == null) {
            throw new IllegalStateException("not parsed");
        }
        var answers = source.ask(
                new ZtunnelPods.Ask("POST", path(), source.adminPort()),
                spec.commandLine().getErr());
        var out = spec.commandLine().getOut();
        answers.forEach((pod, answer) -> out.println(pod + ": " + answer.strip()));
        out.flush();
        return ExitCode.OK.number();
    }

    private String path() {
        if (reset) {
            return "/logging?level=" + encoded(level == null ? "info" : level) + "&reset";
        }
        return level == null ? "/logging" : "/logging?level=" + encoded(level);
    }

    /** Both {@code target:level} and {@code target=level} are understood. */
    private static String encoded(String levels) {
        return URLEncoder.encode(levels.replace(':', '='), StandardCharsets.UTF_8);
    }
}
