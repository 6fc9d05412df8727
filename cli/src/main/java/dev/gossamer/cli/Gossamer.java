package dev.gossamer.cli;

import dev.gossamer.cli.authn.AuthnCommand;
import dev.gossamer.cli.command.ExitCode;
import dev.gossamer.cli.command.Failures;
import dev.gossamer.cli.install.InstallCommand;
import dev.gossamer.cli.install.ManifestCommand;
import dev.gossamer.cli.install.UninstallCommand;
import dev.gossamer.cli.kubectl.KubectlCommand;
import dev.gossamer.cli.lab.LabCommand;
import dev.gossamer.cli.ztunnel.ZtunnelConfigCommand;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: parses, runs, and says in one sentence what went wrong. */
@Command(
        name = "gossamer",
        description = "A sidecar-free service mesh: install it, look into it, run it whole on this machine.",
        subcommands = {
            InstallCommand.class,
            UninstallCommand.class,
            ManifestCommand.class,
            ZtunnelConfigCommand.class,
            AuthnCommand.class,
            VersionCommand.class,
            LabCommand.class,
            KubectlCommand.class,
            CompletionCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "To begin with: gossamer lab up",
            "Each command has --help. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 no cluster, 4 not found,",
            "5 timed out, 6 a check says no."
        })
public final class Gossamer implements Runnable {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Say what this command does, and its flags.")
    @SuppressWarnings("UnusedVariable") // Its being there is what picocli looks at.
    private boolean help;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "When something fails, show where.")
    private boolean debug;

    @CommandLine.Spec
    private CommandLine.Model.@org.jspecify.annotations.Nullable CommandSpec spec;

    private Gossamer() {}

    /** Held here, as the logging framework forgets levels of loggers that nobody holds. */
    private static final Logger CLIENT_LOG = Logger.getLogger("io.fabric8");

    /** Runs a command and ends with its exit code. */
    public static void main(String[] args) {
        // What it warns of (versions that are not stable yet) no user can change.
        CLIENT_LOG.setLevel(Level.SEVERE);
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        var gossamer = new Gossamer();
        var line = new CommandLine(gossamer)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(110)
                .setUsageHelpLongOptionsMaxWidth(40)
                .setAbbreviatedOptionsAllowed(false)
                .setParameterExceptionHandler((failure, _) -> gossamer.explainUsage(failure))
                .setExecutionExceptionHandler((failure, command, _) -> gossamer.explain(failure, command));
        passThrough(line, "kubectl");
        passThrough(line, "lab", "kubectl");
        return line;
    }

    /** From its first argument on, everything is another program's. */
    private static void passThrough(CommandLine line, String... path) {
        var command = line;
        for (var name : path) {
            command = java.util.Objects.requireNonNull(command.getSubcommands().get(name), name);
        }
        command.setStopAtPositional(true).setUnmatchedOptionsArePositionalParams(true);
    }

    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }

    private int explainUsage(ParameterException failure) {
        var command = failure.getCommandLine();
        var out = command.getErr();
        out.println("gossamer: " + failure.getMessage());
        if (failure instanceof UnmatchedArgumentException unmatched) {
            UnmatchedArgumentException.printSuggestions(unmatched, out);
        }
        out.println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.USAGE.number();
    }

    private int explain(Exception failure, CommandLine command) {
        var sentence = Failures.explain(failure);
        command.getOut().flush();
        command.getErr().println("gossamer: " + sentence.getMessage());
        if (debug) {
            failure.printStackTrace(command.getErr());
        }
        return sentence.code().number();
    }
}
