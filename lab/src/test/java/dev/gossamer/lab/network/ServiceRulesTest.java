package dev.gossamer.lab.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.lab.network.ServiceBackend.Endpoint;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ServiceRulesTest {
    private static ServiceBackend backend(boolean affinity, Endpoint... endpoints) {
        return new ServiceBackend("shop/cart:80", "10.96.0.5", "tcp", 80, List.of(endpoints), affinity);
    }

    private static String script(ServiceBackend... backends) {
        return ServiceRules.script(List.of(backends), "10.20.1.1", List.of());
    }

    @Test
    void sendsToTheOnlyEndpoint() {
        var script = script(backend(false, new Endpoint("10.20.1.2", 8080)));
        assertThat(script)
                .contains("meta l4proto tcp dnat to 10.20.1.2:8080")
                .contains(
                        "add element ip gossamer_services routes { 10.96.0.5 . tcp . 80 : goto to_10_96_0_5_tcp_80 }");
    }

    @Test
    void choosesAmongSeveralAtRandom() {
        var script = script(backend(false, new Endpoint("10.20.1.2", 8080), new Endpoint("10.20.2.2", 8081)));
        assertThat(script)
                .contains("dnat ip to numgen random mod 2 map { 0 : 10.20.1.2 . 8080, 1 : 10.20.2.2 . 8081 }");
    }

    @Test
    void choosesByClientWhereTheServiceAsksForAffinity() {
        var script = script(backend(true, new Endpoint("10.20.1.2", 8080), new Endpoint("10.20.2.2", 8080)));
        assertThat(script).contains("dnat ip to jhash ip saddr mod 2 map");
    }

    @Test
    void refusesWhereThereIsNoEndpoint() {
        var script = script(backend(false));
        assertThat(script)
                .contains("add element ip gossamer_services refused { 10.96.0.5 . tcp . 80 : goto no_endpoints }")
                .doesNotContain("add element ip gossamer_services routes");
    }

    @Test
    void hidesTheSourceOfAPodThatReachesItself() {
        var script = script(backend(false, new Endpoint("10.20.1.2", 8080), new Endpoint("10.20.1.2", 8081)));
        assertThat(script)
                .contains("ip saddr . ip daddr @to_itself snat to 10.20.1.1")
                .contains("to_itself { 10.20.1.2 . 10.20.1.2 }");
    }

    @Test
    void deletesTheChainsOfServicesThatAreGoneAndNeverTheBaseChains() {
        var script = ServiceRules.script(List.of(), "10.20.1.1", List.of("to_10_96_0_9_udp_53"));
        assertThat(script).contains("delete chain ip gossamer_services to_10_96_0_9_udp_53");
        assertThat(script.lines().filter(line -> line.startsWith("delete"))).hasSize(1);
    }

    @Test
    void namesAChainForEachReachablePort() {
        var names = ServiceRules.chainNames(List.of(
                backend(false, new Endpoint("10.20.1.2", 8080)),
                new ServiceBackend("a/b:53", "10.96.0.10", "udp", 53, List.of(), false)));
        assertThat(names).containsExactly("to_10_96_0_5_tcp_80");
    }
}
