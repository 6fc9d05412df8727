package dev.gossamer.xds.delta;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.gossamer.xds.delta.ResourceSnapshot.Change;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ServerSubscriptionTest {
    private static final TypeUrl TYPE = TypeUrl.ADDRESS;
    private static final NodeInfo NODE = new NodeInfo("ztunnel~1.1.1.1~a.b~c", Map.of());

    private final ServerSubscription server = new ServerSubscription(TYPE, Integer.MAX_VALUE);
    private ResourceSnapshot snapshot = ResourceSnapshot.EMPTY;

    private static Versioned resource(String name, String version, List<String> aliases, List<String> groups) {
        return new Versioned(name, version, ByteString.EMPTY, aliases, groups);
    }

    private static Versioned resource(String name, String version) {
        return resource(name, version, List.of(), List.of());
    }

    private void put(Versioned... resources) {
        snapshot = snapshot.with(Map.of(TYPE, new Change(List.of(resources), List.of())));
    }

    private void remove(String... names) {
        snapshot = snapshot.with(Map.of(TYPE, new Change(List.of(), List.of(names))));
    }

    private static DeltaRequest request(List<String> subscribe, List<String> unsubscribe, Map<String, String> held) {
        return new DeltaRequest(TYPE, NODE, subscribe, unsubscribe, held, "", null);
    }

    private static List<String> names(DeltaResponse response) {
        return response.resources().stream().map(Versioned::name).sorted().toList();
    }

    private DeltaResponse next() {
        var response = server.next(snapshot);
        assertThat(response).isNotNull();
        return response;
    }

    private void accept(DeltaResponse response) {
        server.onRequest(DeltaRequest.answer(response, null));
    }

    @Test
    void answersAFirstRequestEvenWithNothing() {
        assertThat(server.next(snapshot)).isNull();
        server.onRequest(request(List.of(), List.of(), Map.of()));
        var response = next();
        assertThat(response.resources()).isEmpty();
        assertThat(response.removed()).isEmpty();
        assertThat(response.nonce()).isNotEmpty();
        accept(response);
        assertThat(server.next(snapshot)).isNull();
    }

    @Test
    void waitsForTheAnswerAndSkipsVersions() {
        put(resource("a", "1"));
        server.onRequest(request(List.of("*"), List.of(), Map.of()));
        var first = next();
        put(resource("a", "2"));
        put(resource("a", "3"), resource("b", "1"));
        assertThat(server.next(snapshot)).isNull();
        server.onRequest(new DeltaRequest(TYPE, null, List.of(), List.of(), Map.of(), "stale", null));
        assertThat(server.next(snapshot)).isNull();
        accept(first);
        var second = next();
        assertThat(second.resources()).containsExactlyInAnyOrder(resource("a", "3"), resource("b", "1"));
        assertThat(second.nonce()).isNotEqualTo(first.nonce());
        assertThat(second.systemVersion()).isEqualTo("3");
    }

    @Test
    void sendsNothingAgainAfterARefusalUntilItChanges() {
        put(resource("a", "1"), resource("b", "1"));
        server.onRequest(request(List.of(), List.of(), Map.of()));
        server.onRequest(DeltaRequest.answer(next(), "a: bad"));
        assertThat(server.next(snapshot)).isNull();
        assertThat(server.progress().error()).isEqualTo("a: bad");
        assertThat(server.progress().ackedVersion()).isZero();
        put(resource("a", "2"));
        var response = next();
        assertThat(response.resources()).containsExactly(resource("a", "2"));
        accept(response);
        assertThat(server.progress().error()).isNull();
        assertThat(server.progress().ackedVersion()).isEqualTo(2);
    }

    @Test
    void sendsResourcesThatTheClientHoldsWithoutAVersion() {
        put(resource("a", ""), resource("b", "1"));
        server.onRequest(request(List.of(), List.of(), Map.of("a", "", "b", "", "c", "1")));
        var response = next();
        assertThat(names(response)).containsExactly("a", "b");
        assertThat(response.removed()).containsExactly("c");
    }

    @Test
    void subscribesToNothingAndThenToNames() {
        put(
                resource("shop/cart", "1", List.of("/10.96.0.1"), List.of()),
                resource("pod-1", "1", List.of("/10.1.0.1"), List.of("shop/cart")),
                resource("pod-2", "1", List.of("/10.1.0.2"), List.of("shop/cart")),
                resource("other", "1", List.of("/10.1.0.3"), List.of()));
        server.onRequest(request(List.of("*"), List.of("*"), Map.of()));
        var empty = next();
        assertThat(empty.resources()).isEmpty();
        accept(empty);
        put(resource("other", "2", List.of("/10.1.0.3"), List.of()));
        assertThat(server.next(snapshot)).isNull();

        // A virtual address brings the service and its workloads; the asked name comes back so that no one waits.
        server.onRequest(request(List.of("/10.96.0.1"), List.of(), Map.of()));
        var byAddress = next();
        assertThat(names(byAddress)).containsExactly("pod-1", "pod-2", "shop/cart");
        assertThat(byAddress.removed()).containsExactly("/10.96.0.1");
        accept(byAddress);

        // What was answered is followed, and so is what joins the service.
        put(
                resource("pod-2", "2", List.of("/10.1.0.2"), List.of("shop/cart")),
                resource("pod-3", "1", List.of("/10.1.0.4"), List.of("shop/cart")),
                resource("other", "3", List.of("/10.1.0.3"), List.of()));
        var update = next();
        assertThat(names(update)).containsExactly("pod-2", "pod-3");
        accept(update);
        remove("pod-1", "other");
        var removal = next();
        assertThat(removal.resources()).isEmpty();
        assertThat(removal.removed()).containsExactly("pod-1");
        accept(removal);
        assertThat(server.progress().wildcard()).isFalse();
        assertThat(server.progress().resources()).isEqualTo(3);
    }

    @Test
    void answersUnknownNamesAndSendsThemWhenTheyAppear() {
        server.onRequest(request(List.of("later"), List.of(), Map.of()));
        var unknown = next();
        assertThat(unknown.removed()).containsExactly("later");
        accept(unknown);
        put(resource("later", "1"));
        var found = next();
        assertThat(names(found)).containsExactly("later");
        accept(found);
        server.onRequest(request(List.of(), List.of("later"), Map.of()));
        put(resource("later", "2"));
        assertThat(server.next(snapshot)).isNull();
    }

    @Test
    void takesNamesHeldFromAnEarlierStreamForSubscriptions() {
        put(resource("a", "1"), resource("b", "2"), resource("c", "1"));
        server.onRequest(request(List.of("*"), List.of("*"), Map.of("a", "1", "b", "1", "gone", "1")));
        var response = next();
        assertThat(names(response)).containsExactly("b");
        assertThat(response.removed()).containsExactly("gone");
        accept(response);
        put(resource("a", "2"), resource("c", "2"));
        assertThat(names(next())).containsExactly("a");
    }

    @Test
    void widensToEverythingWithoutSendingTwice() {
        put(resource("a", "1"), resource("b", "1"));
        server.onRequest(request(List.of("a"), List.of(), Map.of()));
        accept(next());
        server.onRequest(request(List.of("*"), List.of(), Map.of()));
        var rest = next();
        assertThat(names(rest)).containsExactly("b");
        accept(rest);
        assertThat(server.progress().wildcard()).isTrue();
    }

    @Test
    void splitsWhatIsTooLargeAndSendsRemovalsFirst() {
        var small = new ServerSubscription(TYPE, 200);
        put(resource("a", "1"), resource("b", "1"), resource("c", "1"));
        small.onRequest(request(List.of(), List.of(), Map.of("old", "1")));
        var first = small.next(snapshot);
        assertThat(first.resources()).hasSize(1);
        assertThat(first.removed()).containsExactly("old");
        small.onRequest(DeltaRequest.answer(first, null));
        assertThat(small.progress().ackedVersion()).isZero();
        put(resource("d", "1"));
        var second = small.next(snapshot);
        small.onRequest(DeltaRequest.answer(second, null));
        var third = small.next(snapshot);
        small.onRequest(DeltaRequest.answer(third, null));
        assertThat(small.progress().ackedVersion()).isEqualTo(1);
        assertThat(second.removed()).isEmpty();
        var fourth = small.next(snapshot);
        assertThat(names(fourth)).containsExactly("d");
        small.onRequest(DeltaRequest.answer(fourth, null));
        assertThat(small.progress().ackedVersion()).isEqualTo(2);
    }
}
