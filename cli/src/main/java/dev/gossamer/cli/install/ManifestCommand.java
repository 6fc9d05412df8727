package dev.gossamer.cli.install;

import dev.gossamer.cli.command.CommandException;
import dev.gossamer.cli.command.ExitCode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What {@code install} would apply, as YAML. Confined to the command's thread. */
@Command(
        name = "manifest",
        description = "Work with the installation's manifests.",
        subcommands = ManifestCommand.Generate.class,
        synopsisSubcommandLabel = "COMMAND")
public final class ManifestCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    private ManifestCommand() {}

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(spec.commandLine(), "manifest needs a command: generate");
        }
    }

    /** Prints them. Confined to the command's thread. */
    @Command(
            name = "generate",
            description = "Print the manifests that install would apply.",
            footer = {"", "Examples:", "  ./gossamer manifest generate --set profile=ambient | kubectl apply -f -"})
    static final class Generate implements Callable<Integer> {
        @Mixin
        private final ValuesOptions values = new ValuesOptions();

        @Option(
                names = {"-i", "--istioNamespace"},
                paramLabel = "NAMESPACE",
                defaultValue = "istio-system",
                description = "Namespace that the mesh is to live in. Default: ${DEFAULT-VALUE}.")
        private String istioNamespace = "istio-system";

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() throws CommandException {
            if (spec == null) {
                throw new IllegalStateException("not parsed");
            }
            var out = spec.commandLine().getOut();
            out.print(values.manifests(istioNamespace).toYaml());
            out.flush();
            return ExitCode.OK.number();
        }
    }
}
