package dev.gossamer.bench.contender;

import dev.gossamer.bench.load.LoadPorts;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Two ztunnels of one kind, each beside one workload, told of the mesh by a file. Immutable.
 *
 * @param kind whose certificates it takes and how it is told so
 * @param command starts the program; empty if there is none
 */
public record ZtunnelPair(String name, Kind kind, List<String> command, String whyMissing) implements Contender {
    public enum Kind {
        /** Gossamer's own: certificates from files. */
        GOSSAMER,
        /** Istio's, built with its testing feature: certificates of its own making. */
        ISTIO
    }

    private static final int MARK = 1337;

    public ZtunnelPair {
        command = List.copyOf(command);
    }

    @Override
    public @Nullable String missing() {
        return command.isEmpty() ? whyMissing : null;
    }

    @Override
    public List<Process> start(NetworkPair pair) throws IOException, InterruptedException {
        Files.writeString(pair.directory().resolve("mesh.yaml"), mesh(pair));
        Map<Integer, Integer> redirects = new LinkedHashMap<>();
        for (int port : new int[] {LoadPorts.ANSWERS, LoadPorts.SOURCE, LoadPorts.SINK}) {
            redirects.put(port, 15001);
        }
        pair.redirect(redirects, MARK);
        if (kind == Kind.GOSSAMER) {
            var certificates = new Certificates();
            certificates.write(pair.directory().resolve("client"), "client");
            certificates.write(pair.directory().resolve("server"), "server");
        }
        return List.of(
                pair.start(pair.client(), "client", environment(pair, "client"), command),
                pair.start(pair.server(), "server", environment(pair, "server"), command));
    }

    private Map<String, String> environment(NetworkPair pair, String role) {
        var environment = new HashMap<>(Map.of(
                "XDS_ADDRESS", "",
                "LOCAL_XDS_PATH", pair.directory().resolve("mesh.yaml").toString(),
                "PROXY_MODE", "dedicated",
                "PROXY_WORKLOAD_INFO", "bench/" + role + "/" + role,
                "PACKET_MARK", Integer.toString(MARK),
                "ENABLE_ORIG_SRC", "false",
                "ISTIO_META_DNS_CAPTURE", "false",
                "IPV6_ENABLED", "false",
                "ZTUNNEL_WORKER_THREADS", "1",
                "RUST_LOG", "warn"));
        switch (kind) {
            case ISTIO -> environment.put("FAKE_CA", "true");
            case GOSSAMER ->
                environment.put("CERT_DIR", pair.directory().resolve(role).toString());
        }
        return environment;
    }

    private static String mesh(NetworkPair pair) {
        return "policies: []\nservices: []\nworkloads:\n"
                + workload("client", pair.clientAddress().getHostAddress())
                + workload("server", pair.serverAddress().getHostAddress());
    }

    private static String workload(String name, String address) {
        return """
                - uid: Kubernetes//Pod/bench/%1$s
                  name: %1$s
                  namespace: bench
                  serviceAccount: %1$s
                  trustDomain: cluster.local
                  workloadIps: ["%2$s"]
                  protocol: HBONE
                  network: ""
                  services: {}
                """.formatted(name, address);
    }
}
