package dev.gossamer.control.source;

import dev.gossamer.control.ca.TokenOwner;
import dev.gossamer.control.ca.TokenReviewer;
import dev.gossamer.control.observed.ObjectName;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks the Kubernetes API who a token belongs to. Thread-safe. */
public final class TokenReviews implements TokenReviewer {
    private static final String SERVICE_ACCOUNT = "system:serviceaccount:";
    private static final String SERVICE_ACCOUNTS = "system:serviceaccounts";
    private static final String POD_NAME = "authentication.kubernetes.io/pod-name";
    private static final String POD_UID = "authentication.kubernetes.io/pod-uid";

    private final KubernetesClient client;
    private final List<String> audiences;

    /** {@code audiences}: of which a token must be meant for one. */
    public TokenReviews(Cluster cluster, List<String> audiences) {
        this.client = cluster.client();
        this.audiences = List.copyOf(audiences);
    }

    @Override
    public TokenOwner review(String token) throws RejectedTokenException, ReviewFailedException {
        var request = new TokenReviewBuilder()
                .withNewSpec()
                .withToken(token)
                .withAudiences(audiences)
                .endSpec()
                .build();
        try {
            var status = client.tokenReviews().create(request).getStatus();
            if (status == null || !Boolean.TRUE.equals(status.getAuthenticated())) {
                var error = status == null ? null : status.getError();
                throw new RejectedTokenException(
                        error == null || error.isEmpty() ? "the API server does not accept the token" : error);
            }
            // A server that does not know audiences leaves this empty, and the token may be meant for anyone.
            if (status.getAudiences().stream().noneMatch(audiences::contains)) {
                throw new RejectedTokenException("the token is not meant for " + String.join(", ", audiences));
            }
            return owner(status.getUser());
        } catch (KubernetesClientException e) {
            throw new ReviewFailedException("the API server could not review a token: " + Cluster.reason(e), e);
        }
    }

    private static TokenOwner owner(@Nullable UserInfo user) throws RejectedTokenException {
        var name = user == null || user.getUsername() == null ? "" : user.getUsername();
        if (user == null || !user.getGroups().contains(SERVICE_ACCOUNTS) || !name.startsWith(SERVICE_ACCOUNT)) {
            throw new RejectedTokenException("the token is that of '" + name + "', not of a service account");
        }
        var parts = name.substring(SERVICE_ACCOUNT.length()).split(":", -1);
        if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
            throw new RejectedTokenException("the service account's name cannot be read: '" + name + "'");
        }
        return new TokenOwner(new ObjectName(parts[0], parts[1]), extra(user, POD_NAME), extra(user, POD_UID));
    }

    private static String extra(UserInfo user, String key) {
        var values = user.getExtra() == null ? null : user.getExtra().get(key);
        return values == null || values.size() != 1 ? "" : values.getFirst();
    }
}
