package dev.gossamer.kube.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.core.lifecycle.TimeSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RestartTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    @TempDir
    Path data;

    private ApiServer start() throws IOException {
        return ApiServer.start(new ApiServerConfig(
                List.of(new InetSocketAddress("127.0.0.1", 0)),
                List.of(),
                List.of(),
                data,
                "10.96.0.0/16",
                PodAccess.NONE,
                TimeSource.SYSTEM));
    }

    @Test
    void keepsObjectsDefinitionsAndIdentity() throws Exception {
        String token;
        String authority;
        String version;
        try (var server = start();
                var client = new RawClient(server)) {
            token = server.adminToken();
            authority = server.caPem();
            assertThat(client.json("POST", MAPS, "{\"metadata\":{\"name\":\"kept\"}}")
                            .statusCode())
                    .isEqualTo(201);
            var definition = """
                    {"metadata":{"name":"widgets.example.org"},"spec":{"group":"example.org","scope":"Cluster",
                    "names":{"plural":"widgets","kind":"Widget"},"versions":[{"name":"v1","served":true,"storage":true,
                    "schema":{"openAPIV3Schema":{"type":"object"}}}]}}""";
            assertThat(client.json("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition)
                            .statusCode())
                    .isEqualTo(201);
            assertThat(client.json("POST", "/apis/example.org/v1/widgets", "{\"metadata\":{\"name\":\"w\"}}")
                            .statusCode())
                    .isEqualTo(201);
            version = "2";
        }
        try (var server = start();
                var client = new RawClient(server)) {
            assertThat(server.adminToken()).isEqualTo(token);
            assertThat(server.caPem()).isEqualTo(authority);
            assertThat(client.get(MAPS + "/kept").statusCode()).isEqualTo(200);
            assertThat(client.get("/apis/example.org/v1/widgets/w").statusCode())
                    .isEqualTo(200);
            // What was before the restart is not in the history any more: watchers are told to list again.
            var watch = client.get(MAPS + "?watch=true&resourceVersion=" + version);
            assertThat(watch.body()).contains("\"type\":\"ERROR\"", "\"code\":410", "\"reason\":\"Expired\"");
        }
    }
}
