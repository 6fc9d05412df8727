package dev.gossamer.cli;

import dev.gossamer.cli.command.ClusterOptions;
import dev.gossamer.cli.command.CommandException;
import dev.gossamer.cli.command.ExitCode;
import dev.gossamer.cli.command.Output;
import dev.gossamer.cli.ztunnel.ZtunnelPods;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says which versions run. Confined to the command's thread. */
@Command(
        name = "version",
        description = "Print the versions of this command, the control plane and the data plane.",
        footer = {"", "Examples:", "  ./gossamer version", "  ./gossamer version --remote=false -o json"})
final class VersionCommand implements Callable<Integer> {
    @Option(
            names = "--remote",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "true",
            description = "Ask the cluster, too. Default: ${DEFAULT-VALUE}.")
    private boolean remote = true;

    @Mixin
    private final ClusterOptions cluster = new ClusterOptions();

    @Mixin
    private final Output output = new Output();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws CommandException {
        if (spec == null) {
            throw new IllegalStateException("not parsed");
        }
        var out = spec.commandLine().getOut();
        var versions = new LinkedHashMap<String, Object>();
        versions.put("clientVersion", client());
        if (remote) {
            try (var kube = cluster.connect()) {
                versions.put("meshVersion", tags(controlPlane(kube)));
                versions.put("dataPlaneVersion", tags(ZtunnelPods.all(kube)));
            }
        }
        if (output.format().isTable()) {
            print(out, versions);
        } else {
            output.print(out, versions);
        }
        return ExitCode.OK.number();
    }

    private static String client() {
        var version = VersionCommand.class.getPackage().getImplementationVersion();
        return version == null ? "0.1.0-SNAPSHOT" : version;
    }

    private List<Pod> controlPlane(KubernetesClient kube) {
        return kube.pods()
                .inNamespace(cluster.istioNamespace())
                .withLabel("app", "istiod")
                .list()
                .getItems();
    }

    /** How many run of each image. */
    private static Map<String, Long> tags(List<Pod> pods) {
        return pods.stream()
                .collect(Collectors.groupingBy(
                        pod -> pod.getSpec().getContainers().getFirst().getImage(),
                        TreeMap::new,
                        Collectors.counting()));
    }

    private static void print(PrintWriter out, Map<String, Object> versions) {
        var names = Map.of(
                "clientVersion", "client version",
                "meshVersion", "control plane version",
                "dataPlaneVersion", "data plane version");
        versions.forEach((key, value) -> {
            var text = value instanceof Map<?, ?> images
                    ? images.isEmpty()
                            ? "none"
                            : images.entrySet().stream()
                                    .map(entry -> entry.getKey() + " (" + entry.getValue()
                                            + (entry.getValue().equals(1L) ? " pod)" : " pods)"))
                                    .collect(Collectors.joining(", "))
                    : String.valueOf(value);
            out.println(names.get(key) + ": " + text);
        });
        out.flush();
    }
}
