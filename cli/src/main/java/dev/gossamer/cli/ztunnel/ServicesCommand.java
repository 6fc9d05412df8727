package dev.gossamer.cli.ztunnel;

import dev.gossamer.cli.command.Table;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code ztunnel-config services}. Confined to the command's thread. */
@Command(
        name = "services",
        aliases = {"service", "svc"},
        description = "Print the services that the ztunnels know; endpoints as healthy/all.",
        footer = {
            "",
            "Examples:",
            "  ./gossamer ztunnel-config services",
            "  ./gossamer zc svc --service-namespace production"
        })
final class ServicesCommand extends DumpCommand {
    @Option(names = "--service-namespace", paramLabel = "NAMESPACE", description = "Only services of this namespace.")
    private @Nullable String serviceNamespace;

    @Override
    List<JsonNode> select(ConfigDump dump) {
        return dump.services().stream()
                .filter(node -> passes(serviceNamespace, ConfigDump.text(node, "namespace")))
                .sorted(Comparator.<JsonNode, String>comparing(node -> ConfigDump.text(node, "namespace"))
                        .thenComparing(node -> ConfigDump.text(node, "name"))
                        .thenComparing(node -> ConfigDump.text(node, "hostname")))
                .toList();
    }

    @Override
    Table table(ConfigDump dump, List<JsonNode> selected) {
        var table = new Table("NAMESPACE", "SERVICE NAME", "SERVICE VIP", "WAYPOINT", "ENDPOINTS");
        for (var node : selected) {
            table.add(
                    ConfigDump.text(node, "namespace"),
                    ConfigDump.text(node, "name"),
                    ConfigDump.elements(node.path("vips"))
                            .map(vip -> ConfigDump.withoutNetwork(vip.asString()))
                            .collect(Collectors.joining(",")),
                    dump.waypoint(node),
                    endpoints(node.path("endpoints")));
        }
        return table;
    }

    private static String endpoints(JsonNode endpoints) {
        long healthy = endpoints.values().stream()
                .filter(endpoint -> {
                    var status = ConfigDump.text(endpoint, "status");
                    return status.isEmpty() || status.equals("Healthy");
                })
                .count();
        return healthy + "/" + endpoints.size();
    }
}
