package dev.gossamer.cli.ztunnel;

import dev.gossamer.cli.command.Table;
import dev.gossamer.core.lifecycle.TimeSource;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** {@code ztunnel-config certificates}. Confined to the command's thread. */
@Command(
        name = "certificates",
        aliases = {"certificate", "certs", "cert"},
        description = "Print the certificates that the ztunnels hold for their workloads.",
        footer = {"", "Examples:", "  ./gossamer ztunnel-config certificates", "  ./gossamer zc certs --node node-1"})
final class CertificatesCommand extends DumpCommand {
    @Override
    List<JsonNode> select(ConfigDump dump) {
        return dump.certificates();
    }

    @Override
    Table table(ConfigDump dump, List<JsonNode> selected) {
        var table = new Table(
                "CERTIFICATE NAME", "TYPE", "STATUS", "VALID CERT", "SERIAL NUMBER", "NOT AFTER", "NOT BEFORE");
        var now = TimeSource.SYSTEM.now();
        for (var node : selected) {
            var identity = ConfigDump.text(node, "identity");
            var state = ConfigDump.text(node, "state");
            var chain = ConfigDump.elements(node.path("certChain")).toList();
            if (chain.isEmpty()) {
                // Not issued yet, or not to be had: the state says which.
                table.add(identity, "Leaf", state, "false", "", "", "");
            }
            for (int i = 0; i < chain.size(); i++) {
                add(table, identity, i == 0 ? "Leaf" : "Intermediate", state, chain.get(i), now);
            }
            ConfigDump.elements(node.path("rootCerts")).forEach(root -> add(table, identity, "Root", state, root, now));
        }
        return table;
    }

    private static void add(
            Table table, String identity, String type, String state, JsonNode certificate, Instant now) {
        var from = ConfigDump.text(certificate, "validFrom");
        var to = ConfigDump.text(certificate, "expirationTime");
        table.add(
                identity,
                type,
                state,
                String.valueOf(isValid(from, to, now)),
                ConfigDump.text(certificate, "serialNumber"),
                to,
                from);
    }

    private static boolean isValid(String from, String to, Instant now) {
        try {
            return !now.isBefore(Instant.parse(from)) && now.isBefore(Instant.parse(to));
        } catch (DateTimeParseException e) {
            return false;
        }
    }
}
