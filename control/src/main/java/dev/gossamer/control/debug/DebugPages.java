package dev.gossamer.control.debug;

import dev.gossamer.net.admin.AdminResponse;
import dev.gossamer.net.admin.AdminRoutes;
import dev.gossamer.xds.delta.TypeUrl;
import dev.gossamer.xds.server.ConnectionStatus;
import dev.gossamer.xds.server.SnapshotHub;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The pages of the control plane. Thread-safe. */
public final class DebugPages {
    private final JsonMapper json =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private final SnapshotHub hub;
    private final Supplier<List<ConnectionStatus>> connections;
    private final ControlPlaneMetrics metrics;
    private final BooleanSupplier ready;
    private final String version;
    private final Map<String, String> settings;

    /** {@code settings}: what the operator set, as it came out. */
    public DebugPages(
            SnapshotHub hub,
            Supplier<List<ConnectionStatus>> connections,
            ControlPlaneMetrics metrics,
            BooleanSupplier ready,
            String version,
            Map<String, String> settings) {
        this.hub = hub;
        this.connections = connections;
        this.metrics = metrics;
        this.ready = ready;
        this.version = version;
        this.settings = new TreeMap<>(settings);
    }

    /** For whoever asks only whether to send traffic here. */
    public AdminRoutes readiness() {
        return new AdminRoutes().get("/ready", _ -> ready());
    }

    public AdminRoutes all() {
        return readiness()
                .get(
                        "/metrics",
                        _ -> new AdminResponse(200, "text/plain; version=0.0.4; charset=utf-8", metrics.text()))
                .get("/version", _ -> json(Map.of("version", version, "name", "gossamer")))
                .get("/debug/ambientz", _ -> json(MeshDump.of(hub.current())))
                .get("/debug/connections", _ -> json(connections()))
                .get("/debug/syncz", _ -> json(sync()))
                .get("/debug/config_dump", _ -> json(settings));
    }

    private AdminResponse ready() {
        return ready.getAsBoolean()
                ? AdminResponse.text("ready\n")
                : AdminResponse.text(503, "not ready: the cluster's objects have not all been read\n");
    }

    private Map<String, Object> connections() {
        var clients = new ArrayList<Map<String, Object>>();
        for (var connection : connections.get()) {
            var client = new LinkedHashMap<String, Object>();
            client.put("node", connection.nodeId());
            client.put("identity", connection.identity().toString());
            client.put("address", connection.remoteAddress());
            client.put("connectedAt", connection.connectedAt().toString());
            clients.add(client);
        }
        var all = new LinkedHashMap<String, Object>();
        all.put("totalClients", clients.size());
        all.put("clients", clients);
        return all;
    }

    private List<Map<String, Object>> sync() {
        var newest = hub.current().version();
        var all = new ArrayList<Map<String, Object>>();
        for (var connection : connections.get()) {
            var types = new TreeMap<String, Object>();
            connection.types().forEach((type, subscription) -> types.put(shortName(type), sync(subscription, newest)));
            var proxy = new LinkedHashMap<String, Object>();
            proxy.put("proxy", connection.nodeId());
            proxy.put("types", types);
            all.add(proxy);
        }
        return all;
    }

    private static Map<String, Object> sync(ConnectionStatus.Subscription subscription, long newest) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("status", status(subscription));
        fields.put("sent", subscription.sentVersion());
        fields.put("acknowledged", subscription.ackedVersion());
        fields.put("newest", newest);
        fields.put("resources", subscription.resources());
        fields.put("wildcard", subscription.wildcard());
        var error = subscription.error();
        if (error != null) {
            fields.put("error", error);
        }
        return fields;
    }

    private static String status(ConnectionStatus.Subscription subscription) {
        if (subscription.error() != null) {
            return "ERROR";
        }
        if (subscription.sentVersion() == 0) {
            return "NOT SENT";
        }
        return subscription.ackedVersion() >= subscription.sentVersion() ? "SYNCED" : "STALE";
    }

    private static String shortName(TypeUrl type) {
        return type.value().substring(type.value().lastIndexOf('.') + 1);
    }

    private AdminResponse json(Object value) {
        return AdminResponse.json(json.writeValueAsString(value) + "\n");
    }
}
