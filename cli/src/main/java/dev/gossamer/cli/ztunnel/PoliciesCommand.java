package dev.gossamer.cli.ztunnel;

import dev.gossamer.cli.command.Table;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code ztunnel-config policies}. Confined to the command's thread. */
@Command(
        name = "policies",
        aliases = {"policy", "p", "pol"},
        description = "Print the authorization policies that the ztunnels enforce.",
        footer = {
            "",
            "Examples:",
            "  ./gossamer ztunnel-config policies",
            "  ./gossamer zc policy --policy-namespace production"
        })
final class PoliciesCommand extends DumpCommand {
    @Option(names = "--policy-namespace", paramLabel = "NAMESPACE", description = "Only policies of this namespace.")
    private @Nullable String policyNamespace;

    @Override
    List<JsonNode> select(ConfigDump dump) {
        return dump.policies().stream()
                .filter(node -> passes(policyNamespace, ConfigDump.text(node, "namespace")))
                .sorted(Comparator.<JsonNode, String>comparing(node -> ConfigDump.text(node, "namespace"))
                        .thenComparing(node -> ConfigDump.text(node, "name")))
                .toList();
    }

    @Override
    Table table(ConfigDump dump, List<JsonNode> selected) {
        var table = new Table("NAMESPACE", "POLICY NAME", "ACTION", "SCOPE");
        for (var node : selected) {
            table.add(
                    ConfigDump.text(node, "namespace"),
                    ConfigDump.text(node, "name"),
                    ConfigDump.text(node, "action"),
                    ConfigDump.text(node, "scope"));
        }
        return table;
    }
}
