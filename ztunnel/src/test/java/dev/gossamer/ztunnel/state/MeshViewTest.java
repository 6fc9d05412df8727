package dev.gossamer.ztunnel.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.core.policy.AuthorizationPolicy;
import dev.gossamer.core.policy.AuthorizationPolicy.Action;
import dev.gossamer.core.policy.AuthorizationPolicy.Scope;
import dev.gossamer.core.workload.Service;
import dev.gossamer.core.workload.ServiceName;
import dev.gossamer.core.workload.Workload;
import dev.gossamer.xds.client.MeshListener.PolicyUpdate;
import dev.gossamer.xds.client.RejectedUpdateException;
import dev.gossamer.xds.codec.MeshResource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class MeshViewTest {
    private static final List<String> ADDRESSES = List.of("10.0.0.1", "10.0.0.2", "10.0.0.3", "fd00::1");
    private static final List<String> NAMES = List.of("a", "b", "c", "d");

    @Test
    void prefersAPodThatSpeaksHboneWhereSeveralClaimAnAddress() throws Exception {
        var state = new MeshState("", LocalIdentityListener.NONE);
        add(
                state,
                Mesh.workload("entry", "10.0.0.1")
                        .uid("c/WorkloadEntry/x")
                        .plain()
                        .build());
        assertThat(uidAt(state, "10.0.0.1")).isEqualTo("c/WorkloadEntry/x");
        add(
                state,
                Mesh.workload("hbone-entry", "10.0.0.1")
                        .uid("c/WorkloadEntry/y")
                        .build());
        assertThat(uidAt(state, "10.0.0.1")).isEqualTo("c/WorkloadEntry/y");
        add(state, Mesh.workload("old", "10.0.0.1").plain().build());
        assertThat(uidAt(state, "10.0.0.1")).isEqualTo("Kubernetes//Pod/shop/old");
        add(state, Mesh.pod("young", "10.0.0.1"));
        assertThat(uidAt(state, "10.0.0.1")).isEqualTo("Kubernetes//Pod/shop/young");

        state.onAddresses(List.of(), List.of("Kubernetes//Pod/shop/young"));
        assertThat(uidAt(state, "10.0.0.1")).isEqualTo("Kubernetes//Pod/shop/old");
    }

    @Test
    void doesNotFindAWorkloadOnItsHostsNetworkByAddress() throws Exception {
        var state = new MeshState("", LocalIdentityListener.NONE);
        add(state, Mesh.workload("host", "10.0.0.1").hostNetwork().build());

        assertThat(state.view().workloadAt(Mesh.at("10.0.0.1"))).isNull();
        assertThat(state.view().workload("Kubernetes//Pod/shop/host")).isNotNull();
    }

    @Test
    void prefersTheClientsNamespaceThenTheCanonicalService() throws Exception {
        var state = new MeshState("", LocalIdentityListener.NONE);
        addService(state, Mesh.service("s", "10.96.0.1").namespace("alpha").build());
        addService(
                state,
                Mesh.service("s", "10.96.0.1").namespace("beta").canonical().build());
        addService(
                state,
                Mesh.service("s", "10.96.0.1").namespace("gamma").hidden().build());

        assertThat(namespaceAt(state, "10.96.0.1", "alpha")).isEqualTo("alpha");
        assertThat(namespaceAt(state, "10.96.0.1", "other")).isEqualTo("beta");
        assertThat(namespaceAt(state, "10.96.0.1", "gamma")).isEqualTo("gamma");

        state.onAddresses(List.of(), List.of("beta/s.shop.svc.cluster.local", "alpha/s.shop.svc.cluster.local"));
        assertThat(namespaceAt(state, "10.96.0.1", "other")).isNull();
    }

    @Test
    void prefersExactAddressesThenLongPrefixes() throws Exception {
        var state = new MeshState("", LocalIdentityListener.NONE);
        addService(state, Mesh.service("wide", "10.0.0.0/8").build());
        addService(state, Mesh.service("narrow", "10.1.0.0/16").namespace("far").build());
        addService(
                state, Mesh.service("narrower", "10.1.2.0/24").namespace("far").build());
        addService(state, Mesh.service("exact", "10.1.2.3").namespace("far").build());

        assertThat(hostAt(state, "10.1.2.3", "x")).isEqualTo("exact");
        assertThat(hostAt(state, "10.1.2.4", "x")).isEqualTo("narrower");
        assertThat(hostAt(state, "10.1.9.9", "x")).isEqualTo("narrow");
        // One's own namespace goes before the length of the prefix.
        assertThat(hostAt(state, "10.1.9.9", "shop")).isEqualTo("wide");
        assertThat(hostAt(state, "11.1.9.9", "shop")).isNull();
    }

    @Test
    void rejectsAWorkloadWithoutAnIdentityAndTakesTheOthers() {
        var state = new MeshState("", LocalIdentityListener.NONE);
        var bad = Mesh.workload("bad name!", "10.0.0.1").uid("bad").build();

        assertThatThrownBy(() -> state.onAddresses(
                        List.of(
                                new MeshResource.OfWorkload(bad),
                                new MeshResource.OfWorkload(Mesh.pod("ok", "10.0.0.2"))),
                        List.of()))
                .isInstanceOfSatisfying(
                        RejectedUpdateException.class,
                        e -> assertThat(e.reasons()).containsOnlyKeys("bad"));
        assertThat(uidAt(state, "10.0.0.2")).isEqualTo("Kubernetes//Pod/shop/ok");
    }

    @Test
    void guardsAWorkloadByGlobalNamespacedAndListedPolicies() {
        var state = new MeshState("", LocalIdentityListener.NONE);
        state.onPolicies(
                List.of(
                        policy("istio-system", "global", Scope.GLOBAL),
                        policy("shop", "ours", Scope.NAMESPACE),
                        policy("other", "theirs", Scope.NAMESPACE),
                        policy("shop", "listed", Scope.WORKLOAD_SELECTOR),
                        policy("shop", "unlisted", Scope.WORKLOAD_SELECTOR)),
                List.of());
        var missing = new ArrayList<String>();
        var workload = Mesh.workload("w", "10.0.0.1")
                .policies("shop/listed", "shop/none")
                .build();

        assertThat(state.view().policiesOf(workload, missing::add))
                .extracting(AuthorizationPolicy::name)
                .containsExactlyInAnyOrder("global", "ours", "listed");
        assertThat(missing).containsExactly("shop/none");
    }

    @Test
    void tellsForWhichIdentitiesTheNodeNeedsCertificates() throws Exception {
        var wanted = new HashSet<SpiffeId>();
        var state = new MeshState("node-1", new LocalIdentityListener() {
            @Override
            public void onIdentity(SpiffeId identity) {
                wanted.add(identity);
            }

            @Override
            public void onIdentityGone(SpiffeId identity) {
                wanted.remove(identity);
            }
        });
        add(state, Mesh.pod("a", "10.0.0.1"));
        add(state, Mesh.workload("b", "10.0.0.2").node("node-2").build());
        add(state, Mesh.workload("c", "10.0.0.3").plain().build());
        assertThat(wanted).containsExactly(Mesh.identity("a"));

        add(state, Mesh.workload("c", "10.0.0.3").build());
        assertThat(wanted).containsExactlyInAnyOrder(Mesh.identity("a"), Mesh.identity("c"));

        // Replaced under another uid within one response: never gone.
        state.onAddresses(
                List.of(new MeshResource.OfWorkload(
                        Mesh.workload("a", "10.0.0.9").uid("x//Pod/shop/a").build())),
                List.of("Kubernetes//Pod/shop/a"));
        assertThat(wanted).contains(Mesh.identity("a"));
        state.onAddresses(List.of(), List.of("x//Pod/shop/a"));
        assertThat(wanted).containsExactly(Mesh.identity("c"));
    }

    @Property(tries = 120, seed = "815")
    void answersAsIfItWereBuiltFromScratchAfterAnyChanges(@ForAll long seed) throws Exception {
        var random = new Random(seed);
        var state = new MeshState("node-1", LocalIdentityListener.NONE);
        var workloads = new TreeMap<String, Workload>();
        var services = new TreeMap<ServiceName, Service>();
        for (int round = 0; round < 12; round++) {
            var changed = new ArrayList<MeshResource>();
            var removed = new ArrayList<String>();
            for (var name : NAMES) {
                changeWorkload(random, name, workloads, changed, removed);
                changeService(random, name, services, changed, removed);
            }
            state.onAddresses(changed, removed);
            assertSame(state.view(), workloads, services);
        }
    }

    private static void changeWorkload(
            Random random, String name, Map<String, Workload> model, List<MeshResource> changed, List<String> removed) {
        var sketch = Mesh.workload(
                        name,
                        pick(random, ADDRESSES),
                        pick(random, ADDRESSES).equals("10.0.0.1") ? "10.0.0.1" : "10.0.0.9")
                .node(random.nextBoolean() ? "node-1" : "node-2");
        if (random.nextBoolean()) {
            sketch.plain();
        }
        if (random.nextInt(4) == 0) {
            sketch.uid("entry/" + name + "/x");
        }
        if (random.nextBoolean()) {
            sketch.serves(pick(random, NAMES), 80, 8080);
        }
        var workload = sketch.build();
        int dice = random.nextInt(3);
        if (dice == 0) {
            model.put(workload.uid(), workload);
            changed.add(new MeshResource.OfWorkload(workload));
        } else if (dice == 1) {
            model.remove(workload.uid());
            removed.add(workload.uid());
            changed.removeIf(resource -> resource.name().equals(workload.uid()));
        }
    }

    private static void changeService(
            Random random,
            String name,
            Map<ServiceName, Service> model,
            List<MeshResource> changed,
            List<String> removed) {
        var sketch = Mesh.service(name, random.nextInt(3) == 0 ? "10.0.0.0/24" : pick(random, ADDRESSES))
                .namespace(random.nextBoolean() ? "shop" : "other");
        if (random.nextBoolean()) {
            sketch.canonical();
        }
        if (random.nextBoolean()) {
            sketch.hidden();
        }
        var service = sketch.build();
        int dice = random.nextInt(3);
        if (dice == 0) {
            model.put(service.name(), service);
            changed.add(new MeshResource.OfService(service));
        } else if (dice == 1) {
            model.remove(service.name());
            removed.add(service.name().toString());
        }
    }

    /** Every question, answered by scanning everything. */
    private static void assertSame(MeshView view, Map<String, Workload> workloads, Map<ServiceName, Service> services) {
        assertThat(view.workloadCount()).isEqualTo(workloads.size());
        for (var text : ADDRESSES) {
            var address = Mesh.at(text);
            assertThat(view.workloadAt(address))
                    .isEqualTo(workloads.values().stream()
                            .filter(w -> w.location().addresses().contains(address.address()))
                            .min(MeshEditor.BY_PRECEDENCE)
                            .orElse(null));
            for (var namespace : List.of("shop", "other", "third")) {
                assertThat(view.serviceAt(address, namespace))
                        .as("service at %s for %s", text, namespace)
                        .isEqualTo(NaiveLookup.serviceAt(services.values(), address, namespace));
            }
        }
        for (var name : NAMES) {
            var service = Mesh.serviceName(name);
            assertThat(Set.copyOf(view.endpoints(service)))
                    .isEqualTo(workloads.values().stream()
                            .filter(w -> w.services().containsKey(service))
                            .collect(Collectors.toSet()));
            var key = new LocalWorkloadKey(name, "shop", name);
            assertThat(view.localWorkload(key))
                    .isEqualTo(workloads.values().stream()
                            .filter(w ->
                                    w.name().equals(name) && w.location().node().equals("node-1"))
                            .min(MeshEditor.BY_PRECEDENCE)
                            .orElse(null));
        }
    }

    private static <T> T pick(Random random, List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static void add(MeshState state, Workload workload) throws RejectedUpdateException {
        state.onAddresses(List.of(new MeshResource.OfWorkload(workload)), List.of());
    }

    private static void addService(MeshState state, Service service) throws RejectedUpdateException {
        state.onAddresses(List.of(new MeshResource.OfService(service)), List.of());
    }

    private static PolicyUpdate policy(String namespace, String name, Scope scope) {
        var policy = new AuthorizationPolicy(namespace, name, scope, Action.DENY, List.of(), false);
        return new PolicyUpdate(policy.key(), policy);
    }

    private static String uidAt(MeshState state, String address) {
        return state.view().workloadAt(Mesh.at(address)).uid();
    }

    private static String namespaceAt(MeshState state, String address, String client) {
        var service = state.view().serviceAt(Mesh.at(address), client);
        return service == null ? null : service.name().namespace();
    }

    private static String hostAt(MeshState state, String address, String client) {
        var service = state.view().serviceAt(Mesh.at(address), client);
        return service == null ? null : service.displayName();
    }
}
