package dev.gossamer.cli.kubectl;

import dev.gossamer.cli.command.ClusterOptions;
import dev.gossamer.cli.command.CommandException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kubectl}. Confined to the command's thread. */
@Command(
        name = "kubectl",
        description = {
            "Run kubectl against the chosen cluster. Where it is not installed, these verbs are built in:",
            "get, apply, label, annotate, patch, delete, describe, logs, exec."
        },
        footer = {
            "",
            "Flags of this command come before the verb.",
            "",
            "Examples:",
            "  ./gossamer kubectl get pods -A -o wide",
            "  ./gossamer kubectl label namespace production istio.io/dataplane-mode=ambient",
            "  ./gossamer kubectl --lab second logs -n istio-system ds/ztunnel"
        })
public final class KubectlCommand implements Callable<Integer> {
    @Mixin
    private final ClusterOptions cluster = new ClusterOptions();

    @Parameters(arity = "0..*", paramLabel = "ARGUMENT", description = "What kubectl is given.")
    private List<String> arguments = new ArrayList<>();

    @Spec
    private @Nullable CommandSpec spec;

    private KubectlCommand() {}

    @Override
    public Integer call() throws CommandException, InterruptedException {
        if (spec == null) {
            throw new IllegalStateException("not parsed");
        }
        return Kubectl.run(cluster.requireKubeconfig(), arguments, spec.commandLine());
    }
}
