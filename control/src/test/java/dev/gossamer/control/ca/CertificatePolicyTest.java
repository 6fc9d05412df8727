package dev.gossamer.control.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gossamer.control.ca.TokenReviewer.RejectedTokenException;
import dev.gossamer.control.observed.Metadata;
import dev.gossamer.control.observed.ObjectName;
import dev.gossamer.control.observed.PodObject;
import dev.gossamer.control.observed.PodObject.Phase;
import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.pki.transport.CallerCredentials;
import dev.gossamer.pki.transport.CallerRejectedException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CertificatePolicyTest {
    private static final SpiffeId CART = new SpiffeId("example.org", "shop", "cart");
    private static final ObjectName ZTUNNEL = new ObjectName("istio-system", "ztunnel");

    private final Map<String, TokenOwner> tokens = new HashMap<>();
    private int reviews;
    private long nanos;
    private final PodDirectory pods = new PodDirectory();
    private final CallerIdentities callers = new CallerIdentities(
            token -> {
                reviews++;
                var owner = tokens.get(token);
                if (owner == null) {
                    throw new RejectedTokenException("unknown token");
                }
                return owner;
            },
            "Kubernetes",
            new TimeSource() {
                @Override
                public Instant now() {
                    return Instant.EPOCH.plusNanos(nanos);
                }

                @Override
                public long nanoTime() {
                    return nanos;
                }
            });
    private final CertificatePolicy policy = new CertificatePolicy(callers, pods, Set.of(ZTUNNEL), () -> "example.org");

    private CertificatePolicyTest() {
        pods.put(pod("istio-system", "zt", "u1", "ztunnel", "n1", Phase.RUNNING));
        pods.put(pod("shop", "cart-1", "u2", "cart", "n1", Phase.RUNNING));
        tokens.put("good", new TokenOwner(ZTUNNEL, "zt", "u1"));
    }

    private static PodObject pod(String ns, String name, String uid, String account, String node, Phase phase) {
        return new PodObject(
                new Metadata(new ObjectName(ns, name), uid, Instant.EPOCH, Map.of(), Map.of()),
                new PodObject.Spec(node, account, false),
                new PodObject.Status(phase, true, false, List.of()),
                Map.of(),
                null);
    }

    private static CallerCredentials bearer(String token) {
        return new CallerCredentials(token, "Kubernetes", "test");
    }

    private SpiffeId ask(String token, SpiffeId identity) throws CallerRejectedException {
        return policy.authorize(bearer(token), identity);
    }

    private void assertRefused(String token, SpiffeId identity, String why) {
        assertThatThrownBy(() -> ask(token, identity))
                .isInstanceOf(CallerRejectedException.class)
                .hasMessageContaining(why);
    }

    @Test
    void grantsWhatRunsBesideTheProxyInOurTrustDomain() throws Exception {
        assertThat(ask("good", CART)).isEqualTo(CART);
        assertThat(ask("good", new SpiffeId("elsewhere.org", "shop", "cart"))).isEqualTo(CART);
        assertThat(ask("good", null)).isEqualTo(new SpiffeId("example.org", "istio-system", "ztunnel"));
    }

    @Test
    void refusesAPodOfAnotherServiceAccount() {
        pods.put(pod("istio-system", "zt", "u1", "other", "n1", Phase.RUNNING));
        assertRefused("good", CART, "has the service account istio-system/other");
    }

    @Test
    void refusesAnEarlierPodOfTheName() {
        pods.put(pod("istio-system", "zt", "u9", "ztunnel", "n1", Phase.RUNNING));
        assertRefused("good", CART, "an earlier pod");
    }

    @Test
    void refusesAPodThatIsGoneThoughTheTokenWasJustSeen() throws Exception {
        assertThat(ask("good", CART)).isEqualTo(CART);
        pods.remove(new ObjectName("istio-system", "zt"));
        assertRefused("good", CART, "is not there");
    }

    @Test
    void refusesATokenThatIsNotBound() {
        tokens.put("unbound", new TokenOwner(ZTUNNEL, "", ""));
        assertRefused("unbound", CART, "not bound to a pod");
    }

    @Test
    void refusesAccountsThatAreNotTrusted() {
        tokens.put("cart", new TokenOwner(new ObjectName("shop", "cart"), "cart-1", "u2"));
        assertRefused("cart", CART, "CA_TRUSTED_NODE_ACCOUNTS");
    }

    @Test
    void succeededPodsCountAndFailedOnesDoNot() throws Exception {
        pods.put(pod("shop", "cart-1", "u2", "cart", "n1", Phase.SUCCEEDED));
        assertThat(ask("good", CART)).isEqualTo(CART);
        pods.put(pod("shop", "cart-1", "u2", "cart", "n1", Phase.FAILED));
        assertRefused("good", CART, "no pod of that service account");
    }

    @Test
    void followsPodsFromNodeToNode() throws Exception {
        pods.put(pod("shop", "cart-2", "u3", "cart", "n1", Phase.RUNNING));
        pods.put(pod("shop", "cart-1", "u2", "cart", "n2", Phase.RUNNING));
        assertThat(ask("good", CART)).isEqualTo(CART);
        pods.remove(new ObjectName("shop", "cart-2"));
        assertRefused("good", CART, "no pod of that service account is on its node 'n1'");
    }

    @Test
    void refusesWithoutATokenAndFromAnotherCluster() {
        assertThatThrownBy(() -> policy.authenticate(new CallerCredentials(null, "", "test")))
                .hasMessageContaining("no bearer token");
        assertThatThrownBy(() -> policy.authenticate(new CallerCredentials("good", "elsewhere", "test")))
                .hasMessageContaining("CLUSTER_ID");
        assertThatThrownBy(() -> policy.authenticate(bearer("x".repeat(20_000))))
                .hasMessageContaining("characters");
        assertThat(reviews).isZero();
    }

    @Test
    void asksOncePerMomentAndTokenAndNeverKeepsRefusals() throws Exception {
        ask("good", CART);
        ask("good", CART);
        assertThat(reviews).isEqualTo(1);
        nanos += Duration.ofSeconds(11).toNanos();
        ask("good", CART);
        assertThat(reviews).isEqualTo(2);
        assertRefused("bad", CART, "unknown token");
        assertRefused("bad", CART, "unknown token");
        assertThat(reviews).isEqualTo(4);
    }

    @Test
    void keepsABoundedNumberOfAnswers() throws Exception {
        for (int i = 0; i < 1_001; i++) {
            tokens.put("t" + i, new TokenOwner(ZTUNNEL, "zt", "u1"));
            ask("t" + i, CART);
        }
        ask("t0", CART);
        assertThat(reviews).isEqualTo(1_002);
    }
}
