package dev.gossamer.control.ca;

import dev.gossamer.control.ca.RootStore.RootStoreException;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.pki.issue.CertificateAuthority;
import dev.gossamer.pki.issue.CertificateAuthority.KeyKind;
import dev.gossamer.pki.issue.SigningCredentials;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the authority's root: makes it if there is none, renews it in time, and takes over what other replicas did.
 *
 * <p>Confined to the task that runs it, but for {@link #first}, which comes before.
 */
public final class RootKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(RootKeeper.class);
    private static final Duration CHECKED_EVERY = Duration.ofHours(1);

    private final RootStore store;
    private final Runnable onReplaced;
    private final RandomGenerator random;

    /** {@code onReplaced}: called after the authority has got another root. */
    public RootKeeper(RootStore store, Runnable onReplaced, RandomGenerator random) {
        this.store = store;
        this.onReplaced = onReplaced;
        this.random = random;
    }

    /** The root that is stored, made now if there is none. Replicas that start together end up with the same. */
    public static SigningCredentials first(RootStore store, String trustDomain, TimeSource time)
            throws RootStoreException {
        var stored = store.load();
        if (stored != null) {
            return stored.credentials();
        }
        var made = CertificateAuthority.newRoot(trustDomain, KeyKind.ECDSA_P256, time);
        if (store.create(made)) {
            LOG.info("made a root certificate for the trust domain {}", trustDomain);
            return made;
        }
        var faster = store.load();
        if (faster == null) {
            throw new RootStoreException("another replica stored a root certificate and took it away again", null);
        }
        return faster.credentials();
    }

    /** Checks the root from time to time until interrupted. */
    public void run(CertificateAuthority authority) throws InterruptedException {
        while (true) {
            // Replicas that started together do not check together.
            Thread.sleep(CHECKED_EVERY.plusMillis(random.nextLong(CHECKED_EVERY.toMillis() / 10)));
            try {
                check(authority);
            } catch (RootStoreException e) {
                LOG.warn("the root certificate could not be checked, trying again in an hour: {}", e.getMessage());
            }
        }
    }

    void check(CertificateAuthority authority) throws RootStoreException {
        var stored = store.load();
        if (stored == null) {
            // Whoever deleted it may want a new root, but not from under the feet of a running mesh.
            if (store.create(authority.credentials())) {
                LOG.warn("the stored root certificate was gone; stored the one in use again");
            }
            return;
        }
        if (!stored.credentials().certificate().equals(authority.credentials().certificate())) {
            LOG.info("took over a root certificate that was stored by another");
            use(authority, stored.credentials());
        }
        if (authority.rootRenewalDue()) {
            var renewed = authority.renewedRoot();
            if (store.replace(stored, renewed)) {
                LOG.info("renewed the root certificate, keeping its key; valid until {}", renewed.notAfter());
                use(authority, renewed);
            }
        }
    }

    private void use(CertificateAuthority authority, SigningCredentials credentials) {
        authority.replace(credentials);
        onReplaced.run();
    }
}
