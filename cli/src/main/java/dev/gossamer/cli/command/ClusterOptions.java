package dev.gossamer.cli.command;

import dev.gossamer.core.config.Settings;
import dev.gossamer.kube.watch.ClusterUnreachableException;
import dev.gossamer.kube.watch.Connection;
import dev.gossamer.lab.Lab;
import dev.gossamer.lab.LabException;
import dev.gossamer.lab.LabStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cluster a command works on. Confined to the command's thread. */
public final class ClusterOptions {
    @Option(
            names = {"-c", "--kubeconfig"},
            paramLabel = "FILE",
            description = "Kubeconfig of the cluster. Default: $$KUBECONFIG, the running lab's, ~/.kube/config.")
    private @Nullable Path kubeconfig;

    @Option(
            names = "--context",
            paramLabel = "NAME",
            description = "Context of the kubeconfig. Default: its current one.")
    private @Nullable String context;

    @Option(names = "--lab", paramLabel = "NAME", description = "Use the lab of this name.")
    private @Nullable String lab;

    @Option(
            names = {"-i", "--istioNamespace"},
            paramLabel = "NAMESPACE",
            defaultValue = "istio-system",
            description = "Namespace that the mesh lives in. Default: ${DEFAULT-VALUE}.")
    private String istioNamespace = "istio-system";

    public String istioNamespace() {
        return istioNamespace;
    }

    /**
     * A client of the chosen cluster, which has answered.
     *
     * @throws CommandException if none is found or it does not answer
     */
    public KubernetesClient connect() throws CommandException {
        var file = requireKubeconfig();
        KubernetesClient client;
        try {
            client = Connection.ofKubeconfig(file, context);
        } catch (IOException e) {
            throw new CommandException(ExitCode.NO_CLUSTER, String.valueOf(e.getMessage()), e);
        }
        try {
            Connection.requireReachable(client);
        } catch (ClusterUnreachableException e) {
            client.close();
            throw new CommandException(ExitCode.NO_CLUSTER, e.getMessage() + " (kubeconfig: " + file + ")", e);
        }
        return client;
    }

    /**
     * The kubeconfig that {@link #connect} uses.
     *
     * @throws CommandException if there is none
     */
    public Path requireKubeconfig() throws CommandException {
        var settings = Settings.ofEnvironment();
        if (kubeconfig != null) {
            return kubeconfig;
        }
        if (lab != null) {
            return ofLab(lab);
        }
        var fromEnvironment = settings.optionalText("KUBECONFIG");
        if (fromEnvironment != null) {
            return Arrays.stream(fromEnvironment.split(File.pathSeparator))
                    .filter(path -> !path.isBlank())
                    .map(Path::of)
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow(() -> new CommandException(
                            ExitCode.NO_CLUSTER,
                            "KUBECONFIG names " + fromEnvironment + ", which does not exist: correct or unset it"));
        }
        var running = runningLabs();
        if (running.size() > 1) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "several labs run ("
                            + running.stream().map(LabStatus::name).collect(Collectors.joining(", "))
                            + "): choose one with --lab NAME");
        }
        if (!running.isEmpty()) {
            return running.getFirst().kubeconfig();
        }
        var ofUser = Path.of(settings.text("HOME", System.getProperty("user.home")), ".kube", "config");
        if (Files.exists(ofUser)) {
            return ofUser;
        }
        throw new CommandException(
                ExitCode.NO_CLUSTER,
                "there is no cluster to talk to: start one with 'gossamer lab up', or name one with --kubeconfig FILE");
    }

    private static Path ofLab(String name) throws CommandException {
        try {
            return Lab.ofThisUser().kubeconfig(name);
        } catch (LabException e) {
            throw new CommandException(ExitCode.NOT_FOUND, String.valueOf(e.getMessage()), e);
        }
    }

    private static List<LabStatus> runningLabs() throws CommandException {
        if (Settings.ofEnvironment().optionalText("GOSSAMER_HOME") == null) {
            // Without the launcher there are no labs.
            return List.of();
        }
        try {
            return Lab.ofThisUser().list().stream().filter(LabStatus::isRunning).toList();
        } catch (LabException e) {
            throw new CommandException(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
        }
    }
}
