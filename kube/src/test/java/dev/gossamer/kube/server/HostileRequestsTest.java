package dev.gossamer.kube.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Requests that no honest client sends get an answer of class 4xx, and the server goes on. */
final class HostileRequestsTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    private static ApiServer server;
    private static RawClient client;

    @BeforeAll
    static void start() throws IOException {
        server = ApiServer.start(ApiServerConfig.onLoopback());
        client = new RawClient(server);
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static void assertRefused(int code) {
        assertThat(code).isBetween(400, 499);
    }

    @Test
    void refusesBodiesThatAreTooLarge() throws Exception {
        var body = "{\"metadata\":{\"name\":\"x\"},\"data\":{\"k\":\"" + "x".repeat(3 << 20) + "\"}}";
        assertThat(client.json("POST", MAPS, body).statusCode()).isEqualTo(413);
    }

    @Test
    void refusesBodiesThatNestTooDeep() throws Exception {
        var deep = "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000);
        assertRefused(client.json("POST", MAPS, deep).statusCode());
        assertRefused(client.json("POST", MAPS, "[".repeat(100_000)).statusCode());
        var yaml = client.send(
                "PATCH",
                MAPS + "/x?fieldManager=m",
                "application/apply-patch+yaml",
                deep.getBytes(StandardCharsets.UTF_8));
        assertRefused(yaml.statusCode());
    }

    @Test
    void refusesWhatIsNoObject() throws Exception {
        for (var body :
                new String[] {"", "null", "[]", "1", "\"x\"", "{", "{\"a\":1}x", "{\"metadata\":[]}", "{\"metadata\":1}"
                }) {
            assertRefused(client.json("POST", MAPS, body).statusCode());
        }
    }

    @Test
    void refusesRandomBytesInEveryForm() throws Exception {
        var random = new Random(7);
        for (int i = 0; i < 60; i++) {
            var bytes = new byte[random.nextInt(400)];
            random.nextBytes(bytes);
            var enveloped = Arrays.copyOf(new byte[] {'k', '8', 's', 0}, 4 + bytes.length);
            System.arraycopy(bytes, 0, enveloped, 4, bytes.length);
            assertRefused(client.send("POST", MAPS, "application/vnd.kubernetes.protobuf", enveloped)
                    .statusCode());
            assertRefused(client.send("POST", MAPS, "application/json", bytes).statusCode());
            assertRefused(client.send("DELETE", MAPS + "/none", "application/vnd.kubernetes.protobuf", enveloped)
                    .statusCode());
        }
    }

    @Test
    void refusesPatchesThatGrowOrOverrun() throws Exception {
        assertThat(client.json("POST", MAPS, "{\"metadata\":{\"name\":\"p\"},\"data\":{\"a\":\"b\"}}")
                        .statusCode())
                .isEqualTo(201);
        var type = "application/json-patch+json";
        var many = "[" + "{\"op\":\"test\",\"path\":\"/data/a\",\"value\":\"b\"},".repeat(10_001) + "{}]";
        assertThat(client.send("PATCH", MAPS + "/p", type, many.getBytes(StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(413);
        var doubling = new StringBuilder("[{\"op\":\"add\",\"path\":\"/data\",\"value\":{}}");
        for (int i = 0; i < 200; i++) {
            doubling.append(",{\"op\":\"copy\",\"from\":\"/data\",\"path\":\"/data/x\"}");
        }
        assertThat(client.send(
                                "PATCH",
                                MAPS + "/p",
                                type,
                                doubling.append(']').toString().getBytes(StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(413);
        for (var patch : new String[] {
            "[{\"op\":\"remove\",\"path\":\"\"}]",
            "[{\"op\":\"add\",\"path\":\"/data/-1\"}]",
            "[{\"op\":\"move\",\"from\":\"/data\",\"path\":\"/data/a\"}]",
            "[{\"op\":\"replace\",\"path\":\"\",\"value\":3}]",
            "{\"op\":\"add\"}",
            "[{\"op\":\"fly\",\"path\":\"/data\"}]"
        }) {
            assertRefused(client.send("PATCH", MAPS + "/p", type, patch.getBytes(StandardCharsets.UTF_8))
                    .statusCode());
        }
    }

    @Test
    void answersOddPathsAndParameters() throws Exception {
        for (var path : new String[] {
            "/api/v1/namespaces/default/configmaps/a/b/c",
            "/api/v2/pods",
            "/apis/none/v1/things",
            "/apis/apps",
            "/nothing",
            MAPS + "?limit=x",
            MAPS + "?continue=%00",
            MAPS + "?watch=true&resourceVersion=x",
            MAPS + "?watch=true&resourceVersion=-1",
            MAPS + "?watch=true&sendInitialEvents=true",
            MAPS + "?labelSelector=a%20in%20(",
            MAPS + "?fieldSelector=%3D"
        }) {
            var code = client.get(path).statusCode();
            assertThat(path.equals("/apis/apps") ? code == 200 : code >= 400 && code < 500)
                    .as(path + " " + code)
                    .isTrue();
        }
        assertThat(client.json("POST", "/api/v1/configmaps", "{}").statusCode()).isEqualTo(405);
    }

    @Test
    void anonymousSeesHealthAndVersionOnly() throws Exception {
        var nothing = new byte[0];
        assertThat(client.send("GET", "/healthz", "", nothing, "").statusCode()).isEqualTo(200);
        assertThat(client.send("GET", "/version", "", nothing, "").statusCode()).isEqualTo(200);
        assertThat(client.send("GET", "/apis", "", nothing, "").statusCode()).isEqualTo(403);
        assertThat(client.send("GET", MAPS, "", nothing, "").statusCode()).isEqualTo(403);
        assertThat(client.send("GET", "/version", "", nothing, "wrong").statusCode())
                .isEqualTo(401);
    }

    @Test
    void tellsWatchersOfForgottenVersions() throws Exception {
        var maps = "/api/v1/namespaces/default/secrets";
        assertThat(client.get(maps + "?watch=true&resourceVersion=1&timeoutSeconds=1")
                        .statusCode())
                .isEqualTo(200);
        // The history of this server begins at version 1: 0 means any, so only a restart makes versions too old.
        assertThat(client.get(maps + "?continue=eyJydiI6MCwic3RhcnQiOiIifQ").statusCode())
                .isEqualTo(410);
    }
}
