package dev.gossamer.node.redirect;

import static dev.gossamer.node.redirect.TestPod.ask;
import static dev.gossamer.node.redirect.TestPod.connect;
import static dev.gossamer.node.redirect.TestPod.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real rules in real namespaces: needs root, or a user namespace. */
final class PodRulesIT {
    private static final String POD = "10.99.0.1";
    private static final String NODE = "10.99.0.2";
    private static final RuleOptions PLAIN = new RuleOptions(false, true);

    private final PodRules rules = new PodRules(true);
    private TestPod test;

    @BeforeEach
    void newPod() throws Exception {
        test = new TestPod();
    }

    @AfterEach
    void removePod() throws Exception {
        test.close();
    }

    @Test
    void leaveNothingBehind() throws Exception {
        var before = test.state();

        rules.redirect(test.pod, new RuleOptions(true, true));
        assertThat(test.state()).contains("istio-ambient-nat", "istio-ambient-raw", "fwmark 0x111/0xfff");
        rules.drain(test.pod);
        rules.remove(test.pod);

        assertThat(test.state()).isEqualTo(before);
        assertThat(rules.hasRules(test.pod)).isFalse();
    }

    @Test
    void canBeSetAndRemovedTwice() throws Exception {
        var before = test.state();
        rules.redirect(test.pod, PLAIN);
        var once = test.state();
        rules.redirect(test.pod, PLAIN);
        assertThat(test.state()).isEqualTo(once);
        rules.remove(test.pod);
        rules.remove(test.pod);
        assertThat(test.state()).isEqualTo(before);
    }

    @Test
    void leaveOthersRulesAlone() throws Exception {
        SystemCommand.require(test.pod, List.of("nft", "add", "table", "inet", "theirs"), "");
        rules.redirect(test.pod, PLAIN);
        assertThat(rules.isRedirected(test.pod, PLAIN)).isTrue();
        rules.remove(test.pod);
        assertThat(test.state()).contains("table inet theirs");
    }

    @Test
    void noticeTampering() throws Exception {
        rules.redirect(test.pod, PLAIN);
        assertThat(rules.isRedirected(test.pod, PLAIN)).isTrue();
        assertThat(rules.isRedirected(test.pod, new RuleOptions(true, true))).isFalse();

        SystemCommand.require(test.pod, List.of("nft", "flush", "chain", "inet", "istio-ambient-nat", "output"), "");
        assertThat(rules.isRedirected(test.pod, PLAIN)).isFalse();
        assertThat(rules.hasRules(test.pod)).isTrue();
    }

    @Test
    void outboundConnectionsOfBeforeStayAndNewOnesAreCaptured() throws Exception {
        try (var direct = server(test.node, 8080, "direct");
                var proxy = server(test.pod, 15001, "proxy");
                var old = connect(test.pod, NODE, 8080)) {
            assertThat(ask(old)).isEqualTo("direct");

            rules.redirect(test.pod, PLAIN);
            assertThat(ask(old)).isEqualTo("direct");
            try (var captured = connect(test.pod, NODE, 8080)) {
                assertThat(ask(captured)).isEqualTo("proxy");

                // Setting the same rules again cuts nobody off.
                rules.redirect(test.pod, PLAIN);
                assertThat(ask(old)).isEqualTo("direct");
                assertThat(ask(captured)).isEqualTo("proxy");
            }
        }
    }

    @Test
    void inboundConnectionsOfBeforeStayAndNewOnesAreCaptured() throws Exception {
        try (var direct = server(test.pod, 8080, "direct");
                var proxy = server(test.pod, 15006, "proxy");
                var tunnels = server(test.pod, 15008, "tunnels");
                var old = connect(test.node, POD, 8080)) {
            assertThat(ask(old)).isEqualTo("direct");

            rules.redirect(test.pod, PLAIN);
            assertThat(ask(old)).isEqualTo("direct");
            try (var captured = connect(test.node, POD, 8080);
                    var tunnel = connect(test.node, POD, 15008)) {
                assertThat(ask(captured)).isEqualTo("proxy");
                assertThat(ask(tunnel)).isEqualTo("tunnels");
            }
        }
    }

    @Test
    void drainingKeepsWhatWasCapturedAndCapturesNothingNew() throws Exception {
        try (var direct = server(test.node, 8080, "direct");
                var inside = server(test.pod, 8080, "inside");
                var outbound = server(test.pod, 15001, "outbound");
                var inbound = server(test.pod, 15006, "inbound")) {
            rules.redirect(test.pod, PLAIN);
            try (var out = connect(test.pod, NODE, 8080);
                    var in = connect(test.node, POD, 8080)) {
                assertThat(ask(out)).isEqualTo("outbound");
                assertThat(ask(in)).isEqualTo("inbound");

                rules.drain(test.pod);
                assertThat(ask(out)).isEqualTo("outbound");
                assertThat(ask(in)).isEqualTo("inbound");
                try (var newOut = connect(test.pod, NODE, 8080);
                        var newIn = connect(test.node, POD, 8080)) {
                    assertThat(ask(newOut)).isEqualTo("direct");
                    assertThat(ask(newIn)).isEqualTo("inside");

                    assertThat(rules.hasConnections(test.pod)).isTrue();
                    out.close();
                    in.close();
                    awaitNoConnections();
                    rules.remove(test.pod);
                    assertThat(ask(newOut)).isEqualTo("direct");
                    assertThat(ask(newIn)).isEqualTo("inside");
                }
            }
        }
    }

    private void awaitNoConnections() throws Exception {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (rules.hasConnections(test.pod)) {
            assertThat(System.nanoTime()).as("still connections").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void inboundCanBeLeftAlone() throws Exception {
        try (var direct = server(test.pod, 8080, "direct");
                var proxy = server(test.pod, 15006, "proxy")) {
            rules.redirect(test.pod, new RuleOptions(false, false));
            try (var connection = connect(test.node, POD, 8080)) {
                assertThat(ask(connection)).isEqualTo("direct");
            }
        }
    }

    @Test
    void aPodReachesItselfDirectly() throws Exception {
        try (var direct = server(test.pod, 8080, "direct");
                var proxy = server(test.pod, 15001, "proxy")) {
            rules.redirect(test.pod, PLAIN);
            try (var own = connect(test.pod, POD, 8080);
                    var loopback = connect(test.pod, "127.0.0.1", 8080)) {
                assertThat(ask(own)).isEqualTo("direct");
                assertThat(ask(loopback)).isEqualTo("direct");
            }
        }
    }

    @Test
    void probesOfTheNodePassUnproxied() throws Exception {
        try (var direct = server(test.pod, 8080, "direct");
                var proxy = server(test.pod, 15006, "proxy")) {
            rules.redirect(test.pod, PLAIN);
            var probes = new ProbeRules(test.node);
            probes.set(List.of(POD, "fd00::1"));
            try (var probe = connect(test.node, POD, 8080)) {
                assertThat(ask(probe)).isEqualTo("direct");
            }
            probes.set(List.of());
            try (var other = connect(test.node, POD, 8080)) {
                assertThat(ask(other)).isEqualTo("proxy");
            }
            assertThat(SystemCommand.require(test.node, List.of("nft", "list", "ruleset"), ""))
                    .isEmpty();
        }
    }

    @Test
    void sayWhatIsWrong() {
        assertThatThrownBy(() -> SystemCommand.require(test.pod, List.of("nft", "-f", "-"), "nonsense"))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("syntax error");
        assertThatThrownBy(() -> SystemCommand.require(test.pod, List.of("no-such-program"), ""))
                .isInstanceOf(CommandFailedException.class)
                .hasCauseInstanceOf(IOException.class);
    }
}
