package dev.gossamer.cli.authn;

import dev.gossamer.cli.command.ClusterOptions;
import dev.gossamer.cli.command.CommandException;
import dev.gossamer.cli.command.ExitCode;
import dev.gossamer.cli.command.Output;
import dev.gossamer.cli.command.PodName;
import dev.gossamer.cli.command.Table;
import dev.gossamer.cli.ztunnel.ConfigDump;
import dev.gossamer.cli.ztunnel.ZtunnelPods;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code authn tls-check}. Confined to the command's thread. */
@Command(
        name = "tls-check",
        description = {
            "Say whether a pod's traffic is mutual TLS: whether it is captured, who it is, its certificate, what it demands",
            "of its clients, and how it reaches each service."
        },
        footer = {
            "",
            "The exit code is 6 if the pod is not in the mesh.",
            "",
            "Examples:",
            "  ./gossamer authn tls-check frontend-7c9d-x2x4k.production",
            "  ./gossamer authn tls-check frontend.production -o json"
        })
final class TlsCheckCommand implements Callable<Integer> {
    private static final int ADMIN_PORT = 15000;

    @Parameters(paramLabel = "POD[.NAMESPACE]", description = "The pod, or the deployment whose pod it is.")
    private String pod = "";

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            defaultValue = "default",
            description = "Namespace of a pod that is named without. Default: ${DEFAULT-VALUE}.")
    private String namespace = "default";

    @Mixin
    private final ClusterOptions cluster = new ClusterOptions();

    @Mixin
    private final Output output = new Output();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws CommandException, InterruptedException {
        if (spec == null) {
            throw new IllegalStateException("not parsed");
        }
        TlsReport report;
        try (var client = cluster.connect()) {
            report = check(client, PodName.parse(pod, namespace).find(client));
        }
        var out = spec.commandLine().getOut();
        if (output.format().isTable()) {
            print(out, report);
        } else {
            output.print(out, report);
        }
        return (report.captured() ? ExitCode.OK : ExitCode.CHECK_FAILED).number();
    }

    private TlsReport check(KubernetesClient client, Pod found) throws CommandException, InterruptedException {
        var node = found.getSpec().getNodeName();
        if (node == null) {
            throw new CommandException(
                    ExitCode.NOT_FOUND,
                    "pod " + found.getMetadata().getName() + " runs on no node yet: see 'kubectl describe pod'");
        }
        var answers = ZtunnelPods.ask(client, ZtunnelPods.onNode(client, node), ZtunnelPods.Ask.configDump(ADMIN_PORT));
        if (answers.bodies().isEmpty()) {
            throw new CommandException(
                    ExitCode.FAILED, "the ztunnel of node " + node + " does not answer: " + answers.failures());
        }
        var pods = client.pods().inAnyNamespace().list().getItems();
        return new TlsCheck(ConfigDump.parse(answers.bodies()), policies(client), pods, cluster.istioNamespace())
                .of(found);
    }

    private static List<GenericKubernetesResource> policies(KubernetesClient client) throws CommandException {
        try {
            return client.genericKubernetesResources("security.istio.io/v1", "PeerAuthentication")
                    .inAnyNamespace()
                    .list()
                    .getItems();
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                throw new CommandException(
                        ExitCode.NOT_FOUND,
                        "the cluster lacks the mesh's resource definitions: install them with 'gossamer install'",
                        e);
            }
            throw e;
        }
    }

    private static void print(PrintWriter out, TlsReport report) {
        out.println("Pod:          " + report.pod() + "." + report.namespace() + " on " + report.node());
        out.println("Captured:     " + (report.captured() ? "yes" : "no"));
        out.println("Identity:     " + (report.identity() == null ? "-" : report.identity()));
        var certificate = report.certificate();
        out.println("Certificate:  "
                + (certificate == null
                        ? "-"
                        : "serial " + certificate.serialNumber() + ", not after " + certificate.notAfter() + " ("
                                + certificate.state() + ")"));
        out.println("Inbound mode: " + report.mode() + " (from " + report.modeFrom() + ")");
        out.println();
        var table = new Table("HOST:PORT", "STATUS", "SERVER", "CLIENT", "AUTHN POLICY");
        for (var each : report.destinations()) {
            table.add(
                    each.host() + ":" + each.port(),
                    status(each.status()),
                    each.server(),
                    each.client(),
                    each.policy());
        }
        table.print(out);
        out.println();
        out.println((report.captured() ? "✔ " : "✘ ") + report.verdict());
        out.flush();
    }

    private static String status(TlsReport.Status status) {
        return switch (status) {
            case MTLS -> "OK";
            case MIXED -> "MIXED";
            case PLAIN -> "PLAIN";
            case REFUSED -> "CONFLICT";
            case NO_ENDPOINTS -> "NO ENDPOINTS";
        };
    }
}
