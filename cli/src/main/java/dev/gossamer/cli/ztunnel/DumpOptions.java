package dev.gossamer.cli.ztunnel;

import dev.gossamer.cli.command.ClusterOptions;
import dev.gossamer.cli.command.CommandException;
import dev.gossamer.cli.command.ExitCode;
import dev.gossamer.cli.command.PodName;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which proxies to ask. Confined to the command's thread. */
final class DumpOptions {
    static final int ADMIN_PORT = 15000;

    @Parameters(
            arity = "0..1",
            paramLabel = "POD[.NAMESPACE]",
            description = "A ztunnel, or a pod: then the ztunnel of its node. Default: all ztunnels.")
    private @Nullable String pod;

    @Option(names = "--node", paramLabel = "NODE", description = "Only the ztunnel of this node.")
    private @Nullable String node;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "Read a saved /config_dump instead of asking.")
    private @Nullable Path file;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "Namespace of the pod. Default: the mesh's own.")
    private @Nullable String namespace;

    @Option(
            names = "--proxy-admin-port",
            paramLabel = "PORT",
            defaultValue = "" + ADMIN_PORT,
            description = "Port of the admin page. Default: ${DEFAULT-VALUE}.")
    private int adminPort = ADMIN_PORT;

    @Mixin
    private final ClusterOptions cluster = new ClusterOptions();

    int adminPort() {
        return adminPort;
    }

    ConfigDump read(PrintWriter warnings) throws CommandException, InterruptedException {
        if (file != null) {
            try {
                return ConfigDump.parse(Map.of(file.toString(), Files.readString(file)));
            } catch (IOException e) {
                throw new CommandException(ExitCode.NOT_FOUND, "cannot read " + file + ": is it the right file?", e);
            }
        }
        try (var client = cluster.connect()) {
            return ConfigDump.parse(ask(client, ZtunnelPods.Ask.configDump(adminPort), warnings));
        }
    }

    /** Asks the chosen proxies; those that do not answer are warned of, as long as one does. */
    Map<String, String> ask(ZtunnelPods.Ask ask, PrintWriter warnings) throws CommandException, InterruptedException {
        if (file != null) {
            throw new CommandException(ExitCode.USAGE, "--file does not go with this command");
        }
        try (var client = cluster.connect()) {
            return ask(client, ask, warnings);
        }
    }

    private Map<String, String> ask(KubernetesClient client, ZtunnelPods.Ask ask, PrintWriter warnings)
            throws CommandException, InterruptedException {
        var answers = ZtunnelPods.ask(client, chosen(client), ask);
        if (answers.bodies().isEmpty()) {
            var first = answers.failures().entrySet().iterator().next();
            throw new CommandException(
                    ExitCode.FAILED, "ztunnel " + first.getKey() + " does not answer: " + first.getValue());
        }
        answers.failures()
                .forEach((name, reason) ->
                        warnings.println("gossamer: ztunnel " + name + " does not answer and is left out: " + reason));
        warnings.flush();
        return answers.bodies();
    }

    private List<Pod> chosen(KubernetesClient client) throws CommandException {
        if (pod == null) {
            return ZtunnelPods.onNode(client, node);
        }
        var found = PodName.parse(pod, namespace == null ? cluster.istioNamespace() : namespace)
                .find(client);
        var labels = found.getMetadata().getLabels();
        if (labels != null && "ztunnel".equals(labels.get("app"))) {
            return List.of(found);
        }
        var its = found.getSpec().getNodeName();
        if (its == null) {
            throw new CommandException(
                    ExitCode.NOT_FOUND, "pod " + pod + " runs on no node yet, so no ztunnel serves it");
        }
        return ZtunnelPods.onNode(client, its);
    }
}
