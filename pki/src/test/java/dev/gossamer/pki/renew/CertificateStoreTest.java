package dev.gossamer.pki.renew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.pki.CertificateRequest;
import dev.gossamer.pki.ManualTime;
import dev.gossamer.pki.Svid;
import dev.gossamer.pki.issue.AuthorityConfig;
import dev.gossamer.pki.issue.CertificateAuthority;
import dev.gossamer.pki.issue.CertificateAuthority.KeyKind;
import dev.gossamer.pki.renew.CertificateStatus.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

final class CertificateStoreTest {
    private static final SpiffeId CART = id("cart");
    private static final CertificateRequest KEY = CertificateRequest.of(CART);

    private record Asked(SpiffeId identity, CompletableFuture<Svid> answer) {}

    private final ManualTime time = new ManualTime();
    private final CertificateAuthority authority = new CertificateAuthority(
            CertificateAuthority.newRoot("cluster.local", KeyKind.ECDSA_P256, time), AuthorityConfig.DEFAULT, time);
    private final List<Asked> asked = new ArrayList<>();
    private final CertificateStore store = new CertificateStore(this::ask, time, time, new Random(1));
    private Duration validity = Duration.ofHours(24);

    private static SpiffeId id(String account) {
        return new SpiffeId("cluster.local", "shop", account);
    }

    private CompletableFuture<Svid> ask(SpiffeId identity) {
        var request = new Asked(identity, new CompletableFuture<>());
        asked.add(request);
        return request.answer;
    }

    private Svid svid(SpiffeId identity) throws Exception {
        var issued = authority.issue(KEY.publicKey(), identity, validity);
        return new Svid(identity, List.of(issued.leaf()), KEY.privateKey(), issued.roots());
    }

    private Svid answer(int request) throws Exception {
        var svid = svid(asked.get(request).identity);
        asked.get(request).answer.complete(svid);
        return svid;
    }

    private void refuse(int request) {
        var identity = asked.get(request).identity;
        asked.get(request)
                .answer
                .completeExceptionally(new CertificateUnavailableException(identity, "authority away", null));
    }

    private static void assertFailed(CompletableFuture<Svid> future, String reason) {
        assertThatThrownBy(future::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(CertificateUnavailableException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void asksOnceForAllWhoWait() throws Exception {
        var first = store.get(CART);
        var second = store.get(CART);
        assertThat(store.current(CART)).isNull();
        assertThat(asked).hasSize(1);
        var svid = answer(0);
        assertThat(first.get()).isSameAs(svid);
        assertThat(second.get()).isSameAs(svid);
        assertThat(store.current(CART)).isSameAs(svid);
        assertThat(store.get(CART).get()).isSameAs(svid);
        assertThat(asked).hasSize(1);
    }

    @Test
    void renewsAtHalfTimeAndServesTheOldOneMeanwhile() throws Exception {
        store.prefetch(CART);
        var old = answer(0);
        time.advance(Duration.ofHours(12).minusSeconds(1));
        assertThat(asked).hasSize(1);
        time.advance(Duration.ofSeconds(1));
        assertThat(asked).hasSize(2);
        assertThat(store.get(CART).get()).isSameAs(old);
        var renewed = answer(1);
        assertThat(store.current(CART)).isSameAs(renewed).isNotSameAs(old);
        time.advance(Duration.ofHours(12));
        assertThat(asked).hasSize(3);
    }

    @Test
    void renewsCertificatesThatAreShorterThanTheirBackdatingWithoutHurry() throws Exception {
        validity = Duration.ofSeconds(30);
        store.prefetch(CART);
        answer(0);
        for (int i = 1; i <= 20; i++) {
            time.advance(Duration.ofSeconds(14));
            assertThat(asked).hasSize(i);
            assertThat(store.current(CART)).isNotNull();
            time.advance(Duration.ofSeconds(1));
            assertThat(asked).hasSize(i + 1);
            answer(i);
        }
    }

    @Test
    void neverAsksMoreThanOnceASecond() throws Exception {
        validity = Duration.ofSeconds(1);
        store.prefetch(CART);
        answer(0);
        time.advance(Duration.ofMillis(999));
        assertThat(asked).hasSize(1);
        time.advance(Duration.ofMillis(1));
        assertThat(asked).hasSize(2);
    }

    @Test
    void servesAValidCertificateWhileTheAuthorityIsAway() throws Exception {
        validity = Duration.ofMinutes(10);
        store.prefetch(CART);
        var svid = answer(0);
        time.advance(Duration.ofMinutes(5));
        int last = 1;
        while (time.now().isBefore(svid.notAfter())) {
            if (asked.size() > last) {
                refuse(last++);
            }
            if (time.now().isBefore(svid.notAfter())) {
                assertThat(store.get(CART).get()).isSameAs(svid);
                assertThat(store.statuses()).first().isInstanceOfAny(CertificateStatus.Available.class);
            }
            time.advance(time.untilNextTimer());
        }
        // The last try falls on the very moment of expiry.
        assertThat(time.now()).isEqualTo(svid.notAfter());
        assertThat(asked).hasSizeBetween(5, 12);
        assertThat(store.current(CART)).isNull();
        refuse(asked.size() - 1);
        assertFailed(store.get(CART), "authority away");
        assertThat(store.statuses()).containsExactly(new CertificateStatus.Unavailable(CART, "authority away"));
        time.advance(Duration.ofSeconds(150));
        var renewed = answer(asked.size() - 1);
        assertThat(store.get(CART).get()).isSameAs(renewed);
    }

    @Test
    void failsAtOnceWhileARetryIsNotDue() throws Exception {
        var waiting = store.get(CART);
        refuse(0);
        assertFailed(waiting, "authority away");
        assertFailed(store.get(CART), "authority away");
        assertThat(asked).hasSize(1);
        var wait = time.untilNextTimer();
        assertThat(wait).isBetween(Duration.ofMillis(800), Duration.ofMillis(1200));
        time.advance(wait);
        assertThat(asked).hasSize(2);
        var retried = store.get(CART);
        assertThat(retried).isNotDone();
        assertThat(retried.isDone()).isFalse();
        var svid = answer(1);
        assertThat(retried.get()).isSameAs(svid);
    }

    @Test
    void backsOffUpToACap() {
        store.prefetch(CART);
        var longest = Duration.ZERO;
        for (int i = 0; i < 15; i++) {
            refuse(i);
            longest = time.untilNextTimer();
            time.advance(longest);
        }
        assertThat(longest).isBetween(Duration.ofSeconds(120), Duration.ofSeconds(150));
    }

    @Test
    void asksForEightAtATimeTheUrgentFirst() throws Exception {
        for (int i = 0; i < 12; i++) {
            store.prefetch(id("w" + i));
        }
        assertThat(asked).hasSize(8);
        var urgent = store.get(id("w11"));
        var newcomer = store.get(id("new"));
        assertThat(store.statuses()).contains(new CertificateStatus.Initializing(id("w11"), Priority.REAL_TIME));
        answer(0);
        assertThat(asked.get(8).identity).isEqualTo(id("w11"));
        answer(1);
        assertThat(asked.get(9).identity).isEqualTo(id("new"));
        answer(2);
        assertThat(asked.get(10).identity).isEqualTo(id("w8"));
        assertThat(urgent).isNotDone();
        answer(8);
        answer(9);
        assertThat(urgent.get().identity()).isEqualTo(id("w11"));
        assertThat(newcomer.get().identity()).isEqualTo(id("new"));
    }

    @Test
    void warmsUpBeforeItRenews() throws Exception {
        store.prefetch(CART);
        answer(0);
        for (int i = 0; i < 8; i++) {
            store.prefetch(id("busy" + i));
        }
        time.advance(Duration.ofHours(12));
        store.prefetch(id("late"));
        answer(1);
        assertThat(asked.getLast().identity).isEqualTo(id("late"));
        answer(2);
        assertThat(asked.getLast().identity).isEqualTo(CART);
    }

    @Test
    void forgetsWhatIsReleased() throws Exception {
        store.prefetch(CART);
        answer(0);
        store.release(CART);
        assertThat(store.current(CART)).isNull();
        assertThat(store.statuses()).isEmpty();
        assertThat(time.timers()).isZero();

        var waiting = store.get(id("gone"));
        store.release(id("gone"));
        assertFailed(waiting, "no longer kept");
        // The late answer belongs to no one, and does not stand in the way of a new request.
        answer(1);
        assertThat(store.current(id("gone"))).isNull();
        var again = store.get(id("gone"));
        assertThat(asked).hasSize(3);
        answer(2);
        assertThat(again.get().identity()).isEqualTo(id("gone"));
    }

    @Test
    void refusesACertificateThatHasExpiredAlready() throws Exception {
        var waiting = store.get(CART);
        validity = Duration.ofSeconds(5);
        var late = svid(CART);
        time.advance(Duration.ofSeconds(6));
        asked.getFirst().answer.complete(late);
        assertFailed(waiting, "compare the clocks");
    }

    @Test
    void endsWhoWaitsWhenItCloses() {
        var waiting = store.get(CART);
        store.close();
        assertFailed(waiting, "no longer kept");
        assertFailed(store.get(CART), "stopping");
        store.prefetch(CART);
        assertThat(asked).hasSize(1);
        assertThat(store.statuses()).isEmpty();
    }
}
