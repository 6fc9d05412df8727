package dev.gossamer.bench.contender;

import dev.gossamer.bench.load.LoadPorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Two HAProxies that carry TCP over mutual TLS 1.3, one TLS connection for each of the client's. Immutable. */
public record HaproxyPair(@Nullable Path binary) implements Contender {
    private static final int OFFSET_CLIENT = 8000;
    private static final int OFFSET_SERVER = 9000;

    @Override
    public String name() {
        return "haproxy";
    }

    @Override
    public @Nullable String missing() {
        return binary == null ? "haproxy is not on the PATH (package haproxy)" : null;
    }

    @Override
    public List<Process> start(NetworkPair pair) throws IOException, InterruptedException {
        var certificates = new Certificates();
        certificates.write(pair.directory().resolve("client"), "client");
        certificates.write(pair.directory().resolve("server"), "server");
        var server = pair.serverAddress().getHostAddress();
        var client = new StringBuilder(head());
        var serving = new StringBuilder(head());
        Map<Integer, Integer> redirects = new LinkedHashMap<>();
        for (int port : new int[] {LoadPorts.ANSWERS, LoadPorts.SOURCE, LoadPorts.SINK}) {
            redirects.put(port, port + OFFSET_CLIENT);
            client.append(
                    ("listen p%1$d\n  bind *:%2$d\n  server s %3$s:%4$d ssl crt client/all.pem ca-file client/root-cert.pem"
                                    + " verify required ssl-min-ver TLSv1.3 ciphersuites TLS_AES_128_GCM_SHA256\n")
                            .formatted(port, port + OFFSET_CLIENT, server, port + OFFSET_SERVER));
            serving.append(
                    ("listen p%1$d\n  bind %3$s:%2$d ssl crt server/all.pem ca-file server/root-cert.pem verify required"
                                    + " ssl-min-ver TLSv1.3\n  server s %3$s:%1$d\n")
                            .formatted(port, port + OFFSET_SERVER, server));
        }
        Files.writeString(pair.directory().resolve("client.cfg"), client);
        Files.writeString(pair.directory().resolve("server.cfg"), serving);
        pair.redirect(redirects, 0x539);
        var program = String.valueOf(binary);
        return List.of(
                pair.start(pair.client(), "client", Map.of(), List.of(program, "-db", "-f", "client.cfg")),
                pair.start(pair.server(), "server", Map.of(), List.of(program, "-db", "-f", "server.cfg")));
    }

    private static String head() {
        return "global\n  nbthread 1\ndefaults\n  mode tcp\n  timeout connect 5s\n"
                + "  timeout client 10m\n  timeout server 10m\n";
    }
}
