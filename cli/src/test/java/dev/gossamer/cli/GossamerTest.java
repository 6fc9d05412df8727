package dev.gossamer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class GossamerTest {
    @TempDir
    private Path directory;

    private Path dump;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void writeDump() throws Exception {
        dump = directory.resolve("dump.json");
        try (var stream = GossamerTest.class.getResourceAsStream("config-dump.json")) {
            Files.write(dump, stream.readAllBytes());
        }
    }

    @Test
    void printsWorkloadsByNamespaceAndName() {
        assertThat(run("ztunnel-config", "workloads", "-f", dump.toString())).isZero();
        assertThat(lines())
                .containsExactly(
                        "NAMESPACE    POD NAME     ADDRESS     NODE     WAYPOINT   PROTOCOL",
                        "legacy       db-0         10.20.2.3   node-2   None       TCP",
                        "production   api-1        10.20.2.2   node-2   waypoint   HBONE",
                        "production   frontend-1   10.20.1.2   node-1   None       HBONE");
    }

    @Test
    void filtersWorkloads() {
        assertThat(run(
                        "zc",
                        "w",
                        "-f",
                        dump.toString(),
                        "--workload-namespace",
                        "production",
                        "--workload-node",
                        "node-1"))
                .isZero();
        assertThat(lines()).hasSize(2).last().asString().contains("frontend-1");
    }

    @Test
    void countsHealthyEndpointsOfServices() {
        assertThat(run("zc", "svc", "-f", dump.toString())).isZero();
        assertThat(lines())
                .containsExactly(
                        "NAMESPACE    SERVICE NAME   SERVICE VIP   WAYPOINT   ENDPOINTS",
                        "legacy       db             10.96.1.2     None       1/1",
                        "production   api            10.96.1.1     None       1/2",
                        "production   waypoint       10.96.0.9     None       0/0");
    }

    @Test
    void printsPoliciesWithTheirScope() {
        assertThat(run("zc", "policies", "-f", dump.toString())).isZero();
        assertThat(lines())
                .containsExactly(
                        "NAMESPACE    POLICY NAME   ACTION   SCOPE",
                        "production   deny-batch    Deny     WorkloadSelector");
    }

    @Test
    void tellsValidCertificatesFromExpiredOnes() {
        assertThat(run("zc", "certs", "-f", dump.toString())).isZero();
        assertThat(lines().get(1)).contains("Leaf", "Available", "true", "4711", "2999-01-01T00:00:00Z");
        assertThat(lines().get(2)).contains("Root", "false");
        assertThat(lines().get(3)).contains("sa/api", "Initializing", "false");
    }

    @Test
    void namesTheEndsOfConnections() {
        assertThat(run("zc", "connections", "-f", dump.toString())).isZero();
        assertThat(lines().get(1))
                .contains("frontend-1.production", "Inbound", "frontend-1.production:8080", "api-1.production:40000");
        assertThat(lines().get(2))
                .contains("Outbound", "api-1.production:15008", "api.production.svc.cluster.local:80", "HBONE");
    }

    @Test
    void printsConnectionsOfOneDirectionWithPlainAddresses() {
        assertThat(run("zc", "cons", "-f", dump.toString(), "--direction", "outbound", "--raw"))
                .isZero();
        assertThat(lines()).hasSize(2).last().asString().contains("10.20.1.2:33333", "10.20.2.2:15008", "10.96.1.1:80");
    }

    @Test
    void printsTheSelectedPartOfTheDumpAsItCame() {
        assertThat(run("zc", "policies", "-f", dump.toString(), "-o", "json")).isZero();
        assertThat(out.toString()).startsWith("[").contains("\"scope\" : \"WorkloadSelector\"");
        assertThat(run("zc", "policies", "-f", dump.toString(), "-o", "YAML")).isZero();
        assertThat(out.toString()).startsWith("- ").contains("scope: \"WorkloadSelector\"");
    }

    @Test
    void printsAllSections() {
        assertThat(run("zc", "all", "-f", dump.toString(), "--with-headers")).isZero();
        assertThat(lines()).contains("# workloads", "# services", "# policies", "# certificates", "# connections");
    }

    @Test
    void refusesAFileThatIsNoDump() throws Exception {
        Files.writeString(dump, "{}");
        assertThat(run("zc", "w", "-f", dump.toString())).isEqualTo(1);
        assertThat(err.toString()).isEqualTo("gossamer: " + dump + " is not a ztunnel's /config_dump\n");
        assertThat(run("zc", "w", "-f", directory.resolve("nowhere").toString()))
                .isEqualTo(4);
    }

    @Test
    void suggestsTheCommandThatWasMeant() {
        assertThat(run("isntall")).isEqualTo(2);
        assertThat(err.toString()).contains("Did you mean: gossamer install");
        assertThat(run("install", "--dryrun")).isEqualTo(2);
        assertThat(err.toString()).contains("Unknown option: '--dryrun'").contains("--dry-run");
    }

    @Test
    void saysWhichCommandsThereAreWhenOneIsMissing() {
        for (var group : List.of("zc", "authn", "manifest", "lab")) {
            assertThat(run(group)).isEqualTo(2);
            assertThat(err.toString()).contains(" needs a command: ");
        }
    }

    @Test
    void namesARemedyWhenThereIsNoSuchKubeconfig() {
        assertThat(run("zc", "w", "--kubeconfig", directory.resolve("none").toString()))
                .isEqualTo(3);
        assertThat(err.toString())
                .contains("cannot be read: is it the right file?")
                .doesNotContain("\tat ");
    }

    @Test
    void namesARemedyWhenNobodyListens() throws Exception {
        var kubeconfig = directory.resolve("kubeconfig");
        Files.writeString(kubeconfig, """
                apiVersion: v1
                kind: Config
                current-context: c
                clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
                users: [{name: c, user: {token: t}}]
                contexts: [{name: c, context: {cluster: c, user: c}}]
                """);
        assertThat(run("version", "-c", kubeconfig.toString())).isEqualTo(3);
        assertThat(err.toString())
                .contains("https://127.0.0.1:1")
                .contains("the connection is refused; is the cluster running?");
    }

    @Test
    void generatesManifestsForTheGivenValues() {
        assertThat(run("manifest", "generate", "--set", "profile=minimal", "--set", "hub=example.org/mesh"))
                .isZero();
        assertThat(out.toString()).contains("example.org/mesh/control-plane").doesNotContain("kind: \"DaemonSet\"");
        assertThat(run("manifest", "generate", "--set", "prifile=minimal")).isEqualTo(2);
        assertThat(err.toString()).contains("unknown key prifile; did you mean profile?");
    }

    @Test
    void completesInBothShells() {
        for (var shell : List.of("bash", "zsh")) {
            assertThat(run("completion", shell)).isZero();
            assertThat(out.toString()).startsWith("#!/usr/bin/env bash").contains("ztunnel-config", "tls-check");
        }
        assertThat(run("completion", "fish")).isEqualTo(2);
    }

    @Test
    void everyCommandHasHelpWithExamples() {
        for (var command : leaves(Gossamer.commandLine())) {
            assertThat(command.getUsageMessage())
                    .as(command.getCommandSpec().qualifiedName())
                    .contains("Examples:")
                    .contains("--help");
        }
    }

    private static List<CommandLine> leaves(CommandLine command) {
        var below = command.getSubcommands().values().stream().distinct().toList();
        if (below.isEmpty()) {
            return List.of(command);
        }
        var all = new ArrayList<CommandLine>();
        below.forEach(each -> all.addAll(leaves(each)));
        return all;
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Gossamer.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private List<String> lines() {
        return out.toString().lines().toList();
    }
}
