package dev.gossamer.control.ca;

import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.pki.issue.CertificateAuthority;
import dev.gossamer.pki.issue.IssueRefusedException;
import dev.gossamer.pki.issue.ServerCredentials;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The certificate by which proxies know the control plane, issued by its own authority and renewed in time. Thread-safe. */
public final class ServingCertificate {
    private static final Logger LOG = LoggerFactory.getLogger(ServingCertificate.class);
    private static final Duration CHECKED_EVERY = Duration.ofHours(1);

    private final CertificateAuthority authority;
    private final List<String> names;
    private final List<InetAddress> addresses;
    private final TimeSource time;
    private volatile ServerCredentials current;

    /**
     * Issues the first.
     *
     * @throws IssueRefusedException if the authority's own certificate has expired
     */
    public ServingCertificate(
            CertificateAuthority authority, List<String> names, List<InetAddress> addresses, TimeSource time)
            throws IssueRefusedException {
        this.authority = authority;
        this.names = List.copyOf(names);
        this.addresses = List.copyOf(addresses);
        this.time = time;
        this.current = authority.issueServer(this.names, this.addresses);
    }

    public ServerCredentials current() {
        return current;
    }

    /** Issues the next one now, as when the root is another. */
    public void renew(Consumer<ServerCredentials> use) {
        try {
            current = authority.issueServer(names, addresses);
            use.accept(current);
        } catch (IssueRefusedException e) {
            LOG.error("the serving certificate could not be renewed: {}", e.getMessage());
        }
    }

    /** Renews in the last third of the certificate's life, until interrupted. */
    public void run(Consumer<ServerCredentials> use) throws InterruptedException {
        while (true) {
            Thread.sleep(CHECKED_EVERY);
            if (isDue()) {
                renew(use);
            }
        }
    }

    boolean isDue() {
        var certificate = current.chain().getFirst();
        var begin = certificate.getNotBefore().toInstant();
        var end = certificate.getNotAfter().toInstant();
        return time.now().isAfter(end.minus(Duration.between(begin, end).dividedBy(3)));
    }
}
