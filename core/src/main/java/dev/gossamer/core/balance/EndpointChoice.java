package dev.gossamer.core.balance;

import dev.gossamer.core.workload.LoadBalancing;
import dev.gossamer.core.workload.LoadBalancing.HealthPolicy;
import dev.gossamer.core.workload.LoadBalancing.Mode;
import dev.gossamer.core.workload.LoadBalancing.Scope;
import dev.gossamer.core.workload.Workload;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among a service's endpoints: those of the best rank that the client may use, then at random by capacity.
 *
 * <p>Two passes over the list and no garbage: it runs for every connection. Stateless.
 */
public final class EndpointChoice {
    private EndpointChoice() {}

    /**
     * @param usable what else an endpoint must fulfil, such as to serve the port
     * @return absent if none will do
     */
    public static @Nullable Workload choose(
            LoadBalancing balancing,
            Workload client,
            List<Workload> endpoints,
            Predicate<Workload> usable,
            RandomGenerator random) {
        int best = -1;
        long total = 0;
        for (var endpoint : endpoints) {
            int rank = rankIfUsable(balancing, client, endpoint, usable);
            if (rank > best) {
                best = rank;
                total = 0;
            }
            if (rank == best && rank >= 0) {
                total += endpoint.capacity();
            }
        }
        if (total == 0) {
            return null;
        }
        long draw = random.nextLong(total);
        for (var endpoint : endpoints) {
            if (rankIfUsable(balancing, client, endpoint, usable) == best) {
                draw -= endpoint.capacity();
                if (draw < 0) {
                    return endpoint;
                }
            }
        }
        throw new IllegalStateException("weights of " + endpoints.size() + " endpoints changed while choosing");
    }

    private static int rankIfUsable(
            LoadBalancing balancing, Workload client, Workload endpoint, Predicate<Workload> usable) {
        if (endpoint.status() == Workload.Status.UNHEALTHY && balancing.healthPolicy() != HealthPolicy.ALLOW_ALL) {
            return -1;
        }
        return usable.test(endpoint) ? rank(balancing, client, endpoint) : -1;
    }

    /**
     * How much an endpoint is preferred; higher is better.
     *
     * @return -1 if it must not be used at all
     */
    static int rank(LoadBalancing balancing, Workload client, Workload endpoint) {
        return switch (balancing.mode()) {
            case UNSPECIFIED, PASSTHROUGH -> 0;
            case FAILOVER -> sharedScopes(balancing.routingPreference(), client, endpoint);
            case STRICT -> sharesAll(balancing.routingPreference(), client, endpoint) ? 0 : -1;
        };
    }

    private static boolean sharesAll(List<Scope> scopes, Workload client, Workload endpoint) {
        for (var scope : scopes) {
            if (!shares(scope, client, endpoint)) {
                return false;
            }
        }
        return true;
    }

    /**
     * The leading scopes that both share, up to the first that they do not.
     *
     * <p>A leading NETWORK is different: it weighs as much as all the others together, and not to share it does not end
     * the comparison, so that the nearest endpoint of another network is found where one's own has none.
     */
    private static int sharedScopes(List<Scope> scopes, Workload client, Workload endpoint) {
        int rank = 0;
        for (int i = 0; i < scopes.size(); i++) {
            boolean shared = shares(scopes.get(i), client, endpoint);
            if (i == 0 && scopes.getFirst() == Scope.NETWORK) {
                rank += shared ? Math.max(1, scopes.size() - 1) : 0;
            } else if (shared) {
                rank++;
            } else {
                return rank;
            }
        }
        return rank;
    }

    /** Two unknown localities are the same one. */
    private static boolean shares(Scope scope, Workload client, Workload endpoint) {
        var mine = client.location();
        var theirs = endpoint.location();
        return switch (scope) {
            case REGION -> mine.locality().region().equals(theirs.locality().region());
            case ZONE -> mine.locality().zone().equals(theirs.locality().zone());
            case SUBZONE -> mine.locality().subzone().equals(theirs.locality().subzone());
            case NODE -> mine.node().equals(theirs.node());
            case CLUSTER -> client.owner().cluster().equals(endpoint.owner().cluster());
            case NETWORK -> mine.network().equals(theirs.network());
        };
    }

    /** Whether the original address is where a connection goes when {@link #choose} finds nothing. */
    public static boolean passesThroughWithoutEndpoint(LoadBalancing balancing) {
        return balancing.mode() == Mode.PASSTHROUGH;
    }
}
