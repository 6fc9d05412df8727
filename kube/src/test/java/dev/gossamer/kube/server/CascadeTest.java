package dev.gossamer.kube.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of an object when its owner, or its namespace, is deleted. */
final class CascadeTest {
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

    private static String create(String name, String more) throws Exception {
        var response = client.json("POST", MAPS, "{\"metadata\":{\"name\":\"" + name + "\"" + more + "}}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        return Json.text(
                JsonReader.json(response.body().getBytes(StandardCharsets.UTF_8))
                        .root(),
                "metadata",
                "uid");
    }

    private static String ownedBy(String name, String uid, boolean blocks) {
        return ",\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"name\":\"" + name
                + "\",\"uid\":\"" + uid + "\",\"blockOwnerDeletion\":" + blocks + "}]";
    }

    private static void delete(String name, String policy) throws Exception {
        var body = "{\"propagationPolicy\":\"" + policy + "\"}";
        assertThat(client.json("DELETE", MAPS + "/" + name, body).statusCode()).isEqualTo(200);
    }

    private static int code(String name) throws Exception {
        return client.get(MAPS + "/" + name).statusCode();
    }

    private static void awaitCode(String name, int wanted) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (code(name) != wanted && System.nanoTime() < end) {
            LockSupport.parkNanos(5_000_000);
        }
        assertThat(code(name)).isEqualTo(wanted);
    }

    @Test
    void deletesWhatAnOwnerOwnedThroughAllGenerations() throws Exception {
        var parent = create("bg-parent", "");
        var child = create("bg-child", ownedBy("bg-parent", parent, false));
        create("bg-grandchild", ownedBy("bg-child", child, false));
        delete("bg-parent", "Background");
        awaitCode("bg-child", 404);
        awaitCode("bg-grandchild", 404);
    }

    @Test
    void deletesTheOwnedFirstInForeground() throws Exception {
        var parent = create("fg-parent", "");
        create("fg-child", ownedBy("fg-parent", parent, true) + ",\"finalizers\":[\"example.org/hold\"]");
        delete("fg-parent", "Foreground");
        assertThat(code("fg-parent")).isEqualTo(200);
        assertThat(client.get(MAPS + "/fg-parent").body()).contains("foregroundDeletion", "deletionTimestamp");
        var release = client.send(
                "PATCH",
                MAPS + "/fg-child",
                "application/merge-patch+json",
                "{\"metadata\":{\"finalizers\":null}}".getBytes(StandardCharsets.UTF_8));
        assertThat(release.statusCode()).isEqualTo(200);
        awaitCode("fg-parent", 404);
        awaitCode("fg-child", 404);
    }

    @Test
    void leavesOrphans() throws Exception {
        var parent = create("or-parent", "");
        create("or-child", ownedBy("or-parent", parent, false));
        delete("or-parent", "Orphan");
        awaitCode("or-parent", 404);
        assertThat(code("or-child")).isEqualTo(200);
        assertThat(client.get(MAPS + "/or-child").body()).doesNotContain("ownerReferences");
    }

    @Test
    void deletesWhatIsCreatedForAnOwnerThatIsGone() throws Exception {
        create("late", ownedBy("never", "b6f5d3a2-0000-4000-8000-000000000000", false));
        awaitCode("late", 404);
    }

    @Test
    void finalizersHoldAnObjectUntilTheyAreGone() throws Exception {
        create("held", ",\"finalizers\":[\"example.org/hold\"]");
        delete("held", "Background");
        assertThat(client.get(MAPS + "/held").body()).contains("deletionTimestamp");
        var added = client.send(
                "PATCH",
                MAPS + "/held",
                "application/merge-patch+json",
                "{\"metadata\":{\"finalizers\":[\"example.org/hold\",\"example.org/more\"]}}"
                        .getBytes(StandardCharsets.UTF_8));
        assertThat(added.statusCode()).isEqualTo(422);
        assertThat(added.body()).contains("no new finalizers can be added if the object is being deleted");
        client.send(
                "PATCH",
                MAPS + "/held",
                "application/merge-patch+json",
                "{\"metadata\":{\"finalizers\":[]}}".getBytes(StandardCharsets.UTF_8));
        awaitCode("held", 404);
    }

    @Test
    void preconditionsProtectWhatReplacedAnObject() throws Exception {
        create("pre", "");
        var wrong = client.json("DELETE", MAPS + "/pre", "{\"preconditions\":{\"uid\":\"x\"}}");
        assertThat(wrong.statusCode()).isEqualTo(409);
        assertThat(wrong.body()).contains("Precondition failed: UID in precondition: x, UID in object meta: ");
    }
}
