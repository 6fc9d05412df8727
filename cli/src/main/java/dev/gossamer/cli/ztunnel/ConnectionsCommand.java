package dev.gossamer.cli.ztunnel;

import dev.gossamer.cli.command.Table;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code ztunnel-config connections}. Confined to the command's thread. */
@Command(
        name = "connections",
        aliases = {"connection", "cons", "conns"},
        description = "Print the connections that the ztunnels carry now.",
        footer = {
            "",
            "Examples:",
            "  ./gossamer ztunnel-config connections",
            "  ./gossamer zc cons --workload-namespace production --direction inbound",
            "  ./gossamer zc connections --raw"
        })
final class ConnectionsCommand extends DumpCommand {
    @Option(names = "--workload-namespace", paramLabel = "NAMESPACE", description = "Only workloads of this namespace.")
    private @Nullable String workloadNamespace;

    @Option(names = "--direction", paramLabel = "inbound|outbound", description = "Only connections of this direction.")
    private @Nullable Direction direction;

    @Option(names = "--raw", description = "Print addresses instead of names.")
    private boolean raw;

    /** As seen from the workload. */
    enum Direction {
        INBOUND,
        OUTBOUND
    }

    @Override
    List<JsonNode> select(ConfigDump dump) {
        return dump.states().stream()
                .filter(state -> passes(workloadNamespace, ConfigDump.text(state.path("info"), "namespace")))
                .sorted(Comparator.comparing(ConnectionsCommand::workload))
                .toList();
    }

    private static String workload(JsonNode state) {
        var info = state.path("info");
        return ConfigDump.text(info, "name") + "." + ConfigDump.text(info, "namespace");
    }

    @Override
    Table table(ConfigDump dump, List<JsonNode> selected) {
        var table = new Table("WORKLOAD", "DIRECTION", "LOCAL", "REMOTE", "REMOTE TARGET", "PROTOCOL");
        var names = raw ? Map.<String, String>of() : names(dump);
        for (var state : selected) {
            var connections = state.path("connections");
            if (direction != Direction.OUTBOUND) {
                // The peer is where it came from; our end is what it was really sent to.
                ConfigDump.elements(connections.path("inbound"))
                        .forEach(each -> table.add(
                                workload(state),
                                "Inbound",
                                named(ConfigDump.text(each, "actualDst"), names),
                                named(ConfigDump.text(each, "src"), names),
                                named(ConfigDump.text(each, "originalDst"), names),
                                ConfigDump.text(each, "protocol")));
            }
            if (direction != Direction.INBOUND) {
                ConfigDump.elements(connections.path("outbound"))
                        .forEach(each -> table.add(
                                workload(state),
                                "Outbound",
                                named(ConfigDump.text(each, "src"), names),
                                named(ConfigDump.text(each, "actualDst"), names),
                                named(ConfigDump.text(each, "originalDst"), names),
                                ConfigDump.text(each, "protocol")));
            }
        }
        return table;
    }

    private static Map<String, String> names(ConfigDump dump) {
        var names = new HashMap<String, String>();
        dump.services()
                .forEach(service -> ConfigDump.elements(service.path("vips"))
                        .forEach(vip -> names.put(
                                ConfigDump.withoutNetwork(vip.asString()), ConfigDump.text(service, "hostname"))));
        dump.workloads()
                .forEach(workload -> ConfigDump.elements(workload.path("workloadIps"))
                        .forEach(ip -> names.put(
                                ip.asString(),
                                ConfigDump.text(workload, "name") + "." + ConfigDump.text(workload, "namespace"))));
        return names;
    }

    /** Replaces the address before the last colon; a name, as inbound targets may be, stays as it is. */
    private static String named(String address, Map<String, String> names) {
        int colon = address.lastIndexOf(':');
        if (colon < 0) {
            return names.getOrDefault(address, address);
        }
        var host = address.substring(0, colon);
        var bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        var name = names.get(bare);
        return name == null ? address : name + address.substring(colon);
    }
}
