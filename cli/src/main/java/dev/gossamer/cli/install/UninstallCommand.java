package dev.gossamer.cli.install;

import dev.gossamer.cli.command.ClusterOptions;
import dev.gossamer.cli.command.CommandException;
import dev.gossamer.cli.command.ExitCode;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.kube.install.InstallationException;
import dev.gossamer.kube.install.Installer;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Takes the mesh out of a cluster. Confined to the command's thread. */
@Command(
        name = "uninstall",
        description = {
            "Take the mesh out of a cluster. Custom resource definitions, with users' policies, and the mesh's root",
            "certificate stay, unless --purge is given."
        },
        footer = {"", "Examples:", "  ./gossamer uninstall -y", "  ./gossamer uninstall --purge -y"})
public final class UninstallCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @Mixin
    private final ClusterOptions cluster = new ClusterOptions();

    @Option(
            names = "--purge",
            description =
                    "Also remove the namespace, the root certificate, and definitions of which there is no object.")
    private boolean purge;

    @Option(
            names = {"-y", "--skip-confirmation"},
            description = "Do not ask.")
    private boolean skipConfirmation;

    @Spec
    private @Nullable CommandSpec spec;

    private UninstallCommand() {}

    @Override
    public Integer call() throws CommandException, InterruptedException {
        if (spec == null) {
            throw new IllegalStateException("not parsed");
        }
        var out = spec.commandLine().getOut();
        var file = cluster.requireKubeconfig();
        try (var client = cluster.connect()) {
            var installer = new Installer(client, new PrintedProgress(out, "removed"), TimeSource.SYSTEM);
            if (!installer.isInstalled()) {
                out.println("There is no installation of ours in this cluster.");
                out.flush();
                return ExitCode.OK.number();
            }
            if (!skipConfirmation) {
                Confirmation.require(
                        out, "This will remove the mesh from " + client.getMasterUrl() + " (" + file + "). Proceed?");
            }
            installer.uninstall(cluster.istioNamespace(), purge, LIMIT);
        } catch (InstallationException e) {
            throw new CommandException(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
        }
        out.println("✔ Uninstall complete");
        out.flush();
        return ExitCode.OK.number();
    }
}
