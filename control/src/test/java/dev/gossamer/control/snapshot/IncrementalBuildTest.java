package dev.gossamer.control.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.control.observed.Change;
import dev.gossamer.control.observed.Kind;
import dev.gossamer.control.observed.ObjectName;
import dev.gossamer.control.translate.MeshOptions;
import dev.gossamer.core.policy.AuthorizationPolicy;
import dev.gossamer.xds.codec.MeshResource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** After any sequence of changes the mesh is what it would be had it been built from the outcome alone. */
final class IncrementalBuildTest {
    private static final MeshOptions MESH = new MeshOptions(
            "Kubernetes", "cluster.local", "cluster.local", "istio-system", "", MeshOptions.Features.DEFAULT);

    private record Slot(Kind kind, ObjectName name) {}

    @Property(tries = 2000, seed = "20261124")
    void incrementalEqualsFromScratch(
            @ForAll @Size(min = 1, max = 120) List<Long> seeds,
            @ForAll("worlds") List<Kind> kinds,
            @ForAll @IntRange(min = 1, max = 10) int batchSize) {
        var incremental = builder();
        var replica = new HashMap<String, MeshResource>();
        var policyReplica = new HashMap<String, AuthorizationPolicy>();
        var cluster = new HashMap<Slot, Change>();
        var batch = new ArrayList<Change>();
        for (var seed : seeds) {
            var change = new RandomCluster(seed).change(kinds);
            batch.add(change);
            switch (change) {
                case Change.Upsert(var object) -> cluster.put(new Slot(object.kind(), object.name()), change);
                case Change.Delete(var kind, var name) -> cluster.remove(new Slot(kind, name));
            }
            if (batch.size() == batchSize) {
                follow(incremental.apply(batch), replica, policyReplica);
                batch.clear();
            }
        }
        follow(incremental.apply(batch), replica, policyReplica);

        var fromScratch = builder();
        var objects = new ArrayList<>(cluster.values());
        Collections.shuffle(objects, new Random(seeds.getFirst()));
        fromScratch.apply(objects);

        assertThat(incremental.addresses()).isEqualTo(fromScratch.addresses());
        assertThat(incremental.policies()).isEqualTo(fromScratch.policies());
        // Whoever follows the deltas alone is where the builder is.
        assertThat(replica).isEqualTo(incremental.addresses());
        assertThat(policyReplica).isEqualTo(incremental.policies());
    }

    @Property(tries = 200, seed = "20261124")
    void whatIsSeenAgainChangesNothing(@ForAll @Size(min = 1, max = 60) List<Long> seeds) {
        var builder = builder();
        var cluster = new HashMap<Slot, Change>();
        for (var seed : seeds) {
            if (new RandomCluster(seed).change(List.of(Kind.values())) instanceof Change.Upsert upsert) {
                cluster.put(new Slot(upsert.object().kind(), upsert.object().name()), upsert);
            }
        }
        builder.apply(cluster.values());
        assertThat(builder.apply(cluster.values()).isEmpty()).isTrue();
    }

    /** All kinds, and some that have much to do with one another. */
    @Provide
    Arbitrary<List<Kind>> worlds() {
        return Arbitraries.of(
                List.of(Kind.values()),
                List.of(Kind.POD, Kind.SERVICE, Kind.ENDPOINT_SLICE, Kind.NODE),
                List.of(Kind.SERVICE, Kind.SERVICE_ENTRY, Kind.POD, Kind.WORKLOAD_ENTRY),
                List.of(Kind.POD, Kind.SERVICE, Kind.GATEWAY, Kind.GATEWAY_CLASS, Kind.NAMESPACE),
                List.of(Kind.SERVICE_ENTRY, Kind.WORKLOAD_ENTRY, Kind.GATEWAY, Kind.NAMESPACE),
                List.of(
                        Kind.POD,
                        Kind.SERVICE_ENTRY,
                        Kind.AUTHORIZATION_POLICY,
                        Kind.PEER_AUTHENTICATION,
                        Kind.MESH_CONFIG));
    }

    private static MeshBuilder builder() {
        return new MeshBuilder(MESH, "istio-system", "default");
    }

    private static void follow(
            MeshDelta delta, Map<String, MeshResource> addresses, Map<String, AuthorizationPolicy> policies) {
        assertThat(addresses.keySet()).containsAll(delta.removedAddresses());
        delta.removedAddresses().forEach(addresses::remove);
        delta.addresses().forEach(resource -> {
            var before = addresses.put(resource.name(), resource);
            assertThat(resource).isNotEqualTo(before);
        });
        delta.removedPolicies().forEach(policies::remove);
        delta.policies().forEach(policy -> policies.put(policy.key(), policy));
    }
}
