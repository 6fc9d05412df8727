package dev.gossamer.control.ca;

import dev.gossamer.control.observed.ObjectName;
import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.pki.issue.CallerAuthorizer;
import dev.gossamer.pki.transport.CallerCredentials;
import dev.gossamer.pki.transport.CallerRejectedException;
import dev.gossamer.xds.server.StreamAuthenticator;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides who a caller is and whose certificate it may have.
 *
 * <p>Everyone may have its own. Beyond that, the proxy of a node may have those of the pods on its node: a stolen token
 * of one node opens nothing on the others. Thread-safe.
 */
public final class CertificatePolicy implements CallerAuthorizer, StreamAuthenticator {
    private final CallerIdentities callers;
    private final PodDirectory pods;
    private final Set<ObjectName> trustedNodeAccounts;
    private final Supplier<String> trustDomain;

    /** {@code trustedNodeAccounts}: service accounts of node proxies. */
    public CertificatePolicy(
            CallerIdentities callers,
            PodDirectory pods,
            Set<ObjectName> trustedNodeAccounts,
            Supplier<String> trustDomain) {
        this.callers = callers;
        this.pods = pods;
        this.trustedNodeAccounts = Set.copyOf(trustedNodeAccounts);
        this.trustDomain = trustDomain;
    }

    @Override
    public SpiffeId authenticate(CallerCredentials credentials) throws CallerRejectedException {
        return identity(callers.owner(credentials).serviceAccount());
    }

    @Override
    public SpiffeId authorize(CallerCredentials credentials, @Nullable SpiffeId impersonated)
            throws CallerRejectedException {
        var caller = callers.owner(credentials);
        if (impersonated == null) {
            return identity(caller.serviceAccount());
        }
        var node = trustedNode(caller);
        var asked = new ObjectName(impersonated.namespace(), impersonated.serviceAccount());
        if (!pods.runsOn(asked, node)) {
            throw new CallerRejectedException(caller.serviceAccount() + " in pod " + caller.podName() + " asks for "
                    + impersonated + ", and no pod of that service account is on its node '" + node + "'");
        }
        // The asked trust domain is not looked at: ours is the only one that we sign for.
        return identity(asked);
    }

    /** The node of a caller that may speak for the pods beside it. */
    private String trustedNode(TokenOwner caller) throws CallerRejectedException {
        var account = caller.serviceAccount();
        if (!trustedNodeAccounts.contains(account)) {
            throw new CallerRejectedException(account + " may not ask for other identities than its own"
                    + " (CA_TRUSTED_NODE_ACCOUNTS does not name it)");
        }
        if (!caller.isBoundToPod()) {
            throw new CallerRejectedException("the token of " + account + " is not bound to a pod");
        }
        var name = new ObjectName(account.namespace(), caller.podName());
        var pod = pods.find(name);
        if (pod == null) {
            throw new CallerRejectedException("the pod " + name + " that the token is bound to is not there");
        }
        if (!pod.uid().equals(caller.podUid())) {
            throw new CallerRejectedException(
                    "the token is bound to an earlier pod " + name + ": its uid is " + pod.uid() + " now");
        }
        if (!pod.serviceAccount().equals(account)) {
            throw new CallerRejectedException(
                    "the pod " + name + " has the service account " + pod.serviceAccount() + ", not " + account);
        }
        if (pod.node().isEmpty()) {
            throw new CallerRejectedException("the pod " + name + " is on no node");
        }
        return pod.node();
    }

    private SpiffeId identity(ObjectName serviceAccount) throws CallerRejectedException {
        try {
            return new SpiffeId(trustDomain.get(), serviceAccount.namespace(), serviceAccount.name());
        } catch (IllegalArgumentException e) {
            throw new CallerRejectedException(String.valueOf(e.getMessage()));
        }
    }
}
