package dev.gossamer.xds.delta;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.gossamer.xds.delta.ResourceSnapshot.Change;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Both ends against each other, over a wire that is slow, breaks, and carries refusals. */
final class DeltaPropertyTest {
    private static final TypeUrl TYPE = TypeUrl.ADDRESS;
    private static final NodeInfo NODE = new NodeInfo("ztunnel~1.1.1.1~a.b~c", Map.of());

    /** One run: a server with its snapshots, a client with what it applied, and the wire between them. */
    private static final class Run {
        final Random random;
        final int maxBytes;
        final ClientSubscription client = new ClientSubscription(TYPE);
        final Map<String, String> applied = new HashMap<>();
        final Deque<DeltaRequest> toServer = new ArrayDeque<>();
        final Deque<DeltaResponse> toClient = new ArrayDeque<>();
        /** Name and version of all that was sent on the present stream and not superseded since. */
        final Map<String, String> sentOnStream = new HashMap<>();

        final Set<String> refused = new HashSet<>();
        ResourceSnapshot snapshot = ResourceSnapshot.EMPTY;
        ServerSubscription server;
        int responses;

        Run(long seed) {
            random = new Random(seed);
            maxBytes = random.nextBoolean() ? Integer.MAX_VALUE : 1 + random.nextInt(1000);
            connect();
        }

        void connect() {
            toServer.clear();
            toClient.clear();
            sentOnStream.clear();
            sentOnStream.putAll(client.held());
            server = new ServerSubscription(TYPE, maxBytes);
            toServer.add(client.open(NODE));
        }

        void change() {
            var put = new ArrayList<Versioned>();
            var remove = new ArrayList<String>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                var name = "r" + random.nextInt(12);
                if (random.nextInt(3) == 0) {
                    remove.add(name);
                } else {
                    var content = "c" + random.nextInt(4);
                    put.add(new Versioned(
                            name, content, ByteString.copyFromUtf8(content.repeat(20)), List.of(), List.of()));
                }
            }
            snapshot = snapshot.with(Map.of(TYPE, new Change(put, remove)));
        }

        void serverReads() {
            var request = toServer.poll();
            if (request != null) {
                server.onRequest(request);
            }
        }

        void serverSends() {
            var response = server.next(snapshot);
            if (response == null) {
                return;
            }
            responses++;
            assertThat(toClient).as("one response under way at a time").isEmpty();
            for (var name : response.removed()) {
                assertThat(sentOnStream.remove(name))
                        .as("removed what was sent")
                        .isNotNull();
            }
            for (var resource : response.resources()) {
                assertThat(sentOnStream.put(resource.name(), resource.version()))
                        .as("sent twice with an equal version: " + resource.name())
                        .isNotEqualTo(resource.version());
            }
            toClient.add(response);
        }

        /** {@code mayRefuse}: some resources, by their content. */
        void clientReads(boolean mayRefuse) {
            var response = toClient.poll();
            if (response == null) {
                return;
            }
            var rejected = new HashMap<String, String>();
            response.removed().forEach(applied::remove);
            for (var resource : response.resources()) {
                if (mayRefuse && random.nextInt(5) == 0) {
                    rejected.put(resource.name(), "not today");
                    refused.add(resource.name());
                } else {
                    applied.put(resource.name(), resource.version());
                    refused.remove(resource.name());
                }
            }
            toServer.add(client.applied(response, rejected));
        }

        void settle() {
            for (int i = 0; i < 10_000 && !(toServer.isEmpty() && toClient.isEmpty() && i > 2); i++) {
                serverReads();
                serverSends();
                clientReads(false);
            }
            serverSends();
            assertThat(toClient).isEmpty();
        }

        Map<String, String> newest() {
            var versions = new HashMap<String, String>();
            snapshot.resources(TYPE).forEach((name, resource) -> versions.put(name, resource.version()));
            return versions;
        }
    }

    @Property(tries = 400, seed = "21")
    void theClientEndsEqualToTheNewestSnapshot(@ForAll long seed) {
        var run = new Run(seed);
        boolean refusals = run.random.nextBoolean();
        for (int i = 0; i < 120; i++) {
            switch (run.random.nextInt(12)) {
                case 0, 1, 2 -> run.change();
                case 3, 4, 5 -> run.serverReads();
                case 6, 7, 8 -> run.serverSends();
                case 9, 10 -> run.clientReads(refusals);
                default -> {
                    if (run.random.nextInt(4) == 0) {
                        run.connect();
                    }
                }
            }
        }
        run.settle();
        if (!run.refused.isEmpty()) {
            // What was refused is sent again only when it changes, or to a new stream.
            run.connect();
            run.settle();
        }
        assertThat(run.applied).isEqualTo(run.newest());
        assertThat(run.client.held()).isEqualTo(run.newest());
        assertThat(run.client.isSynced()).isTrue();
        var progress = run.server.progress();
        assertThat(progress.ackedVersion()).isEqualTo(run.snapshot.version());
        assertThat(progress.resources()).isEqualTo(run.newest().size());

        int before = run.responses;
        run.connect();
        run.settle();
        assertThat(run.responses)
                .as("a client that has all gets one empty answer")
                .isEqualTo(before + 1);
    }

    @Property(tries = 200, seed = "22")
    void findsTheSameChangesAsAComparison(@ForAll long seed) {
        var run = new Run(seed);
        for (int i = 0; i < 20; i++) {
            run.change();
        }
        var before = run.snapshot;
        var old = run.newest();
        for (int i = run.random.nextInt(10); i > 0; i--) {
            run.change();
        }
        var expected = new HashSet<String>();
        var now = run.newest();
        for (int i = 0; i < 12; i++) {
            if (!Objects.equals(old.get("r" + i), now.get("r" + i))) {
                expected.add("r" + i);
            }
        }
        assertThat(run.snapshot.changedSince(before, TYPE)).isEqualTo(expected);
        assertThat(run.snapshot.resources(TYPE)).hasSize(now.size());
        assertThat(run.snapshot.resources(TYPE).keySet()).isEqualTo(now.keySet());
    }
}
