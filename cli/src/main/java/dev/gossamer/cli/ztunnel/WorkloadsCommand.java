package dev.gossamer.cli.ztunnel;

import dev.gossamer.cli.command.Table;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code ztunnel-config workloads}. Confined to the command's thread. */
@Command(
        name = "workloads",
        aliases = {"workload", "w"},
        description = "Print the workloads that the ztunnels know, and how they are reached.",
        footer = {
            "",
            "Examples:",
            "  ./gossamer ztunnel-config workloads",
            "  ./gossamer zc w --workload-namespace production -o json",
            "  ./gossamer zc workloads --node node-1"
        })
final class WorkloadsCommand extends DumpCommand {
    @Option(names = "--address", paramLabel = "IP", description = "Only the workload with this address.")
    private @Nullable String address;

    @Option(names = "--workload-namespace", paramLabel = "NAMESPACE", description = "Only workloads of this namespace.")
    private @Nullable String workloadNamespace;

    @Option(names = "--workload-node", paramLabel = "NODE", description = "Only workloads on this node.")
    private @Nullable String workloadNode;

    @Override
    List<JsonNode> select(ConfigDump dump) {
        return dump.workloads().stream()
                .filter(node -> passes(workloadNamespace, ConfigDump.text(node, "namespace")))
                .filter(node -> passes(workloadNode, ConfigDump.text(node, "node")))
                .filter(node -> address == null
                        || ConfigDump.elements(node.path("workloadIps"))
                                .anyMatch(ip -> ip.asString().equals(address)))
                .sorted(Comparator.<JsonNode, String>comparing(node -> ConfigDump.text(node, "namespace"))
                        .thenComparing(node -> ConfigDump.text(node, "name")))
                .toList();
    }

    @Override
    Table table(ConfigDump dump, List<JsonNode> selected) {
        var table = new Table("NAMESPACE", "POD NAME", "ADDRESS", "NODE", "WAYPOINT", "PROTOCOL");
        for (var node : selected) {
            table.add(
                    ConfigDump.text(node, "namespace"),
                    ConfigDump.text(node, "name"),
                    ConfigDump.elements(node.path("workloadIps"))
                            .map(JsonNode::asString)
                            .collect(Collectors.joining(",")),
                    ConfigDump.text(node, "node"),
                    dump.waypoint(node),
                    ConfigDump.text(node, "protocol"));
        }
        return table;
    }
}
