package dev.gossamer.kube.server.admission;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.failure.Cause;
import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.storage.Store;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gives services their addresses and node ports, each to one service only.
 *
 * <p>What is taken is read from the stored services; an address given to a service that is not stored yet is held back
 * for a while. Thread-safe.
 */
public final class ServiceAddresses implements Admission {
    private static final long HOLD_NANOS = 30_000_000_000L;
    private static final int FIRST_NODE_PORT = 30_000;
    private static final int NODE_PORTS = 2_768;

    private final Store store;
    private final TimeSource time;
    private final AddressRange range;

    @GuardedBy("this")
    private final Map<String, Long> held = new HashMap<>();

    public ServiceAddresses(Store store, TimeSource time, AddressRange range) {
        this.store = store;
        this.time = time;
        this.range = range;
    }

    @Override
    public void admit(Review review) throws ApiException {
        if (!review.is("", "services") || !review.subresource().isEmpty()) {
            return;
        }
        var spec = Json.ensureObject(review.object(), "spec");
        completePorts(spec);
        if (Json.text(spec, "type").equals("ExternalName")) {
            spec.remove(List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy"));
            return;
        }
        carryOver(review, spec);
        address(review, spec);
        nodePorts(review, spec);
    }

    private static void completePorts(ObjectNode spec) {
        for (var port : spec.path("ports")) {
            if (port instanceof ObjectNode object && !object.hasNonNull("targetPort") && object.has("port")) {
                object.set("targetPort", object.path("port"));
            }
        }
    }

    /** An update that leaves the address out keeps it. */
    private static void carryOver(Review review, ObjectNode spec) throws ApiException {
        if (review.before() == null) {
            return;
        }
        var was = Json.text(review.before(), "spec", "clusterIP");
        var wanted = Json.text(spec, "clusterIP");
        if (was.isEmpty()) {
            return;
        }
        if (wanted.isEmpty()) {
            spec.put("clusterIP", was);
        } else if (!wanted.equals(was)) {
            throw invalid(
                    review,
                    "spec.clusterIPs[0]",
                    "Invalid value: []string{\"" + wanted + "\"}: may not change once set");
        }
    }

    private synchronized void address(Review review, ObjectNode spec) throws ApiException {
        var wanted = Json.text(spec, "clusterIP");
        if (wanted.isEmpty() && spec.path("clusterIPs").size() > 0) {
            wanted = spec.path("clusterIPs").get(0).asString("");
        }
        boolean mine = review.before() != null
                && Json.text(review.before(), "spec", "clusterIP").equals(wanted)
                && !wanted.isEmpty();
        if (!mine && !wanted.equals("None")) {
            var taken = taken("clusterIP");
            wanted = wanted.isEmpty() ? free(review, taken) : requested(review, taken, wanted);
            hold(review, wanted);
        }
        spec.put("clusterIP", wanted);
        spec.putArray("clusterIPs").add(wanted);
        if (!spec.hasNonNull("ipFamilies")) {
            spec.putArray("ipFamilies").add("IPv4");
        }
        Json.putIfAbsent(spec, "ipFamilyPolicy", "SingleStack");
    }

    private String free(Review review, Set<String> taken) throws ApiException {
        // The lower part is left to those who ask for an address by number.
        int from = Math.min(Math.max(range.size() / 16, 16), 256);
        int span = range.size() - from - 1;
        int start = ThreadLocalRandom.current().nextInt(Math.max(span, 1));
        for (int i = 0; i < span; i++) {
            var candidate = range.address(from + (start + i) % span);
            if (!taken.contains(candidate)) {
                return candidate;
            }
        }
        throw ApiException.internal("failed to allocate a serviceIP: range is full ("
                + Json.text(review.object(), "metadata", "name") + ")");
    }

    private String requested(Review review, Set<String> taken, String wanted) throws ApiException {
        var start = "Invalid value: []string{\"" + wanted + "\"}: failed to allocate IP " + wanted + ": ";
        if (!range.contains(wanted)) {
            throw invalid(
                    review,
                    "spec.clusterIPs",
                    start + "the provided IP (" + wanted + ") is not in the valid range. The"
                            + " range of valid IPs is " + range);
        }
        if (taken.contains(wanted)) {
            throw invalid(review, "spec.clusterIPs", start + "provided IP is already allocated");
        }
        return wanted;
    }

    private synchronized void nodePorts(Review review, ObjectNode spec) throws ApiException {
        var type = Json.text(spec, "type");
        if (!type.equals("NodePort") && !type.equals("LoadBalancer")) {
            return;
        }
        Json.putIfAbsent(spec, "externalTrafficPolicy", "Cluster");
        if (type.equals("LoadBalancer") && !spec.has("allocateLoadBalancerNodePorts")) {
            spec.put("allocateLoadBalancerNodePorts", true);
        }
        var taken = taken("nodePort");
        for (var port : spec.path("ports")) {
            if (port instanceof ObjectNode object && Json.number(object, 0, "nodePort") == 0) {
                var before = former(review, object);
                var chosen = before > 0 ? before : freePort(taken);
                taken.add(Long.toString(chosen));
                object.put("nodePort", chosen);
                hold(review, Long.toString(chosen));
            }
        }
    }

    /** The node port that the same port of the service had. */
    private static long former(Review review, ObjectNode port) {
        if (review.before() != null) {
            for (var was : Json.at(review.before(), "spec", "ports")) {
                if (Json.number(was, 0, "port") == Json.number(port, 0, "port")
                        && Json.text(was, "protocol").equals(Json.text(port, "protocol"))) {
                    return Json.number(was, 0, "nodePort");
                }
            }
        }
        return 0;
    }

    private static long freePort(Set<String> taken) throws ApiException {
        int start = ThreadLocalRandom.current().nextInt(NODE_PORTS);
        for (int i = 0; i < NODE_PORTS; i++) {
            int candidate = FIRST_NODE_PORT + (start + i) % NODE_PORTS;
            if (!taken.contains(Integer.toString(candidate))) {
                return candidate;
            }
        }
        throw ApiException.internal("failed to allocate a nodePort: range is full");
    }

    @GuardedBy("this")
    private Set<String> taken(String field) {
        long now = time.nanoTime();
        held.values().removeIf(until -> until - now < 0);
        var taken = new HashSet<>(held.keySet());
        for (var entry : store.list("/services", "").entries()) {
            var spec = entry.object().path("spec");
            if (field.equals("clusterIP")) {
                taken.add(Json.text(spec, "clusterIP"));
            } else {
                spec.path("ports").forEach(port -> taken.add(Long.toString(Json.number(port, 0, "nodePort"))));
            }
        }
        return taken;
    }

    @GuardedBy("this")
    private void hold(Review review, String what) {
        if (!review.dryRun()) {
            held.put(what, time.nanoTime() + HOLD_NANOS);
        }
    }

    private static ApiException invalid(Review review, String field, String message) {
        return ApiException.invalid(
                review.resource().subject(Json.text(review.object(), "metadata", "name")),
                List.of(new Cause("FieldValueInvalid", field, message)));
    }
}
