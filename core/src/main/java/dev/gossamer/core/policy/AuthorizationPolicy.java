package dev.gossamer.core.policy;

import java.util.List;

/**
 * One policy as a node proxy evaluates it. Immutable.
 *
 * @param rules any of them; a policy without rules never matches
 * @param dryRun evaluated and logged, without consequence
 */
public record AuthorizationPolicy(
        String namespace, String name, Scope scope, Action action, List<AuthorizationRule> rules, boolean dryRun) {
    public AuthorizationPolicy {
        rules = List.copyOf(rules);
    }

    public enum Scope {
        GLOBAL,
        NAMESPACE,
        /** Only workloads that list it. */
        WORKLOAD_SELECTOR
    }

    public enum Action {
        ALLOW,
        DENY
    }

    /** {@code namespace/name}, as workloads list it and logs name it. */
    public String key() {
        return namespace + "/" + name;
    }

    public boolean matches(ConnectionAttributes connection) {
        for (var rule : rules) {
            if (rule.matches(connection)) {
                return true;
            }
        }
        return false;
    }
}
