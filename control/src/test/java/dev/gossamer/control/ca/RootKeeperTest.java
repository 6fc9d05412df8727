package dev.gossamer.control.ca;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.pki.issue.AuthorityConfig;
import dev.gossamer.pki.issue.CertificateAuthority;
import dev.gossamer.pki.issue.CertificateAuthority.KeyKind;
import dev.gossamer.pki.issue.SigningCredentials;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class RootKeeperTest {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final TimeSource time = new TimeSource() {
        @Override
        public Instant now() {
            return now;
        }

        @Override
        public long nanoTime() {
            return 0;
        }
    };

    /** A store in memory; {@code faster} gets in just before the first creation. */
    private static final class Memory implements RootStore {
        private Stored stored;
        private SigningCredentials faster;
        private int version;

        @Override
        public Stored load() {
            return stored;
        }

        @Override
        public boolean create(SigningCredentials credentials) {
            if (faster != null) {
                stored = new Stored(faster, "" + ++version);
                faster = null;
            }
            if (stored != null) {
                return false;
            }
            stored = new Stored(credentials, "" + ++version);
            return true;
        }

        @Override
        public boolean replace(Stored previous, SigningCredentials credentials) {
            if (!previous.version().equals(stored.version())) {
                return false;
            }
            stored = new Stored(credentials, "" + ++version);
            return true;
        }
    }

    private final Memory store = new Memory();
    private final AtomicInteger replaced = new AtomicInteger();
    private final RootKeeper keeper =
            new RootKeeper(store, replaced::incrementAndGet, RandomGenerator.of("L64X128MixRandom"));

    private SigningCredentials newRoot() {
        return CertificateAuthority.newRoot("cluster.local", KeyKind.ECDSA_P256, time);
    }

    private CertificateAuthority authority(SigningCredentials root) {
        return new CertificateAuthority(root, AuthorityConfig.DEFAULT, time);
    }

    @Test
    void makesARootOnceAndTakesItAgain() throws Exception {
        var root = RootKeeper.first(store, "cluster.local", time);
        assertThat(RootKeeper.first(store, "cluster.local", time)).isEqualTo(root);
    }

    @Test
    void takesTheRootOfAFasterReplica() throws Exception {
        var theirs = newRoot();
        store.faster = theirs;
        assertThat(RootKeeper.first(store, "cluster.local", time)).isEqualTo(theirs);
    }

    @Test
    void renewsInTheLastFifthKeepingTheKey() throws Exception {
        var root = RootKeeper.first(store, "cluster.local", time);
        var authority = authority(root);
        now = now.plus(Duration.ofDays(2900));
        keeper.check(authority);
        assertThat(authority.credentials()).isEqualTo(root);
        now = now.plus(Duration.ofDays(100));
        keeper.check(authority);
        var renewed = authority.credentials();
        assertThat(renewed.certificate()).isNotEqualTo(root.certificate());
        assertThat(renewed.certificate().getPublicKey())
                .isEqualTo(root.certificate().getPublicKey());
        assertThat(store.load().credentials()).isEqualTo(renewed);
        assertThat(replaced).hasValue(1);
    }

    @Test
    void takesOverWhatAnotherReplicaStored() throws Exception {
        var authority = authority(RootKeeper.first(store, "cluster.local", time));
        var theirs = newRoot();
        store.replace(store.load(), theirs);
        keeper.check(authority);
        assertThat(authority.credentials()).isEqualTo(theirs);
        assertThat(replaced).hasValue(1);
    }

    @Test
    void storesTheRootInUseAgainIfItWasDeleted() throws Exception {
        var root = RootKeeper.first(store, "cluster.local", time);
        store.stored = null;
        keeper.check(authority(root));
        assertThat(store.load().credentials()).isEqualTo(root);
    }
}
