package dev.gossamer.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.core.workload.LoadBalancing;
import dev.gossamer.core.workload.LoadBalancing.HealthPolicy;
import dev.gossamer.core.workload.LoadBalancing.Mode;
import dev.gossamer.core.workload.LoadBalancing.Scope;
import dev.gossamer.core.workload.Locality;
import dev.gossamer.core.workload.Workload;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EndpointChoiceTest {
    /** Endpoints as {@code uid network/region/zone/node}; the client is {@code n1/r1/z1/node1}. */
    private static final List<Workload> ENDPOINTS = List.of(
            endpoint("same", "n1", "r1", "z1", "node1", 1),
            endpoint("zone", "n1", "r1", "z1", "node2", 1),
            endpoint("region", "n1", "r1", "z2", "node3", 1),
            endpoint("far", "n1", "r2", "z9", "node4", 1),
            endpoint("abroad", "n2", "r1", "z1", "node5", 1),
            endpoint("abroad-far", "n2", "r2", "z9", "node6", 1));

    private static final Workload CLIENT = endpoint("client", "n1", "r1", "z1", "node1", 1);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // mode, preference, endpoints that there are, those that may be chosen
                "UNSPECIFIED |                     | same far abroad       | same far abroad",
                "UNSPECIFIED | REGION ZONE         | same far              | same far",
                "PASSTHROUGH |                     | same far              | same far",
                "FAILOVER    | REGION ZONE         | same zone region far  | same zone",
                "FAILOVER    | REGION ZONE         | region far            | region",
                "FAILOVER    | REGION ZONE         | far abroad-far        | far abroad-far",
                "FAILOVER    | REGION ZONE NODE    | same zone             | same",
                "FAILOVER    | ZONE REGION         | region                | region",
                "FAILOVER    | NETWORK             | far abroad            | far",
                "FAILOVER    | NETWORK REGION ZONE | far abroad            | far abroad",
                "FAILOVER    | NETWORK REGION ZONE | abroad abroad-far     | abroad",
                "FAILOVER    | NETWORK REGION ZONE | region abroad         | region",
                "FAILOVER    | CLUSTER             | same far              | same far",
                "STRICT      | REGION ZONE         | same zone region      | same zone",
                "STRICT      | REGION ZONE         | region far            |",
                "STRICT      |                     | region far            | region far",
                "STRICT      | NETWORK             | abroad far            | far",
                "STRICT      | NODE                | same zone             | same",
            })
    void choosesOnlyAmongTheBestRank(Mode mode, String preference, String existing, String expected) {
        var scopes = words(preference).stream().map(Scope::valueOf).toList();
        var balancing = new LoadBalancing(scopes, mode, HealthPolicy.ONLY_HEALTHY);
        var present = words(existing);
        var endpoints =
                ENDPOINTS.stream().filter(e -> present.contains(e.uid())).toList();

        assertThat(chosen(balancing, endpoints).keySet()).isEqualTo(new TreeSet<>(words(expected)));
    }

    @Test
    void drawsByCapacityAndNeverAnEndpointWithoutIt() {
        var endpoints = List.of(
                endpoint("none", "", "", "", "", 0),
                endpoint("one", "", "", "", "", 1),
                endpoint("three", "", "", "", "", 3));

        var counts = chosen(LoadBalancing.DEFAULT, endpoints);

        assertThat(counts).containsOnlyKeys("one", "three");
        assertThat(counts.get("three") / (double) counts.get("one")).isBetween(2.5, 3.6);
    }

    @Test
    void findsNothingWhereAllWeighNothing() {
        assertThat(chosen(LoadBalancing.DEFAULT, List.of(endpoint("none", "", "", "", "", 0))))
                .isEmpty();
    }

    @Test
    void takesAnUnhealthyEndpointOnlyWhereTheServiceSaysSo() {
        var ill = new Workload(
                "ill",
                CLIENT.owner(),
                CLIENT.location(),
                CLIENT.tunnel(),
                CLIENT.description(),
                List.of(),
                Workload.Status.UNHEALTHY,
                Map.of(),
                1);
        var anyHealth = new LoadBalancing(List.of(), Mode.UNSPECIFIED, HealthPolicy.ALLOW_ALL);

        assertThat(chosen(LoadBalancing.DEFAULT, List.of(ill))).isEmpty();
        assertThat(chosen(anyHealth, List.of(ill))).containsOnlyKeys("ill");
    }

    @Test
    void ranksOnlyWhatIsUsable() {
        var failover = new LoadBalancing(List.of(Scope.REGION), Mode.FAILOVER, HealthPolicy.ONLY_HEALTHY);

        var chosen =
                EndpointChoice.choose(failover, CLIENT, ENDPOINTS, e -> e.uid().equals("far"), new Random(1));

        assertThat(chosen).isNotNull().extracting(Workload::uid).isEqualTo("far");
    }

    private static Map<String, Integer> chosen(LoadBalancing balancing, List<Workload> endpoints) {
        var random = new Random(42);
        var counts = new HashMap<String, Integer>();
        for (int i = 0; i < 4000; i++) {
            var endpoint = EndpointChoice.choose(balancing, CLIENT, endpoints, _ -> true, random);
            if (endpoint != null) {
                counts.merge(endpoint.uid(), 1, Integer::sum);
            }
        }
        return counts;
    }

    private static List<String> words(String text) {
        return text == null || text.isBlank()
                ? List.of()
                : Arrays.asList(text.strip().split("\\s+"));
    }

    static Workload endpoint(String uid, String network, String region, String zone, String node, int capacity) {
        return new Workload(
                uid,
                new Workload.Owner(uid, "shop", "sa", "cluster.local", Workload.DEFAULT_CLUSTER),
                new Workload.Location(
                        List.of(), "", network, Workload.NetworkMode.STANDARD, node, new Locality(region, zone, "")),
                Workload.Tunnel.PLAIN,
                new Workload.Description(uid, Workload.Type.POD, uid, "v1"),
                List.of(),
                Workload.Status.HEALTHY,
                Map.of(),
                capacity);
    }

    @Test
    void coversEveryScope() {
        for (var scope : Set.of(Scope.values())) {
            var balancing = new LoadBalancing(List.of(scope), Mode.STRICT, HealthPolicy.ONLY_HEALTHY);
            assertThat(EndpointChoice.rank(balancing, CLIENT, CLIENT))
                    .as("%s", scope)
                    .isZero();
        }
    }
}
