package dev.gossamer.control.translate;

import dev.gossamer.control.observed.AuthorizationPolicyObject;
import dev.gossamer.control.observed.AuthorizationPolicyObject.Attributes;
import dev.gossamer.control.observed.AuthorizationPolicyObject.Condition;
import dev.gossamer.control.observed.AuthorizationPolicyObject.Rule;
import dev.gossamer.core.policy.AuthorizationPolicy;
import dev.gossamer.core.policy.AuthorizationPolicy.Action;
import dev.gossamer.core.policy.AuthorizationPolicy.Scope;
import dev.gossamer.core.policy.AuthorizationRule;
import dev.gossamer.core.policy.AuthorizationRule.Clause;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * AuthorizationPolicies as node proxies enforce them.
 *
 * <p>Node proxies see connections, not requests. What a policy says of requests is left out in such a way that it never
 * lets through more than was asked for: an ALLOW rule goes altogether, a DENY rule keeps the rest. Immutable.
 */
public final class PolicyTranslation {
    private final MeshOptions mesh;

    public PolicyTranslation(MeshOptions mesh) {
        this.mesh = mesh;
    }

    public PolicyOutcome translate(AuthorizationPolicyObject source) {
        if (source.targeted()) {
            return new PolicyOutcome.ForWaypoint();
        }
        if (source.dryRun() && !mesh.features().dryRunPolicies()) {
            return new PolicyOutcome.Unsupported("dry-run");
        }
        return switch (source.action()) {
            case AUDIT -> new PolicyOutcome.Unsupported("action AUDIT");
            case CUSTOM -> new PolicyOutcome.Unsupported("action CUSTOM");
            case ALLOW -> sent(source, Action.ALLOW);
            case DENY -> sent(source, Action.DENY);
        };
    }

    /** Whether {@link #translate} would come to {@link PolicyOutcome.Sent}, for less. */
    public boolean sends(AuthorizationPolicyObject source) {
        return !source.targeted()
                && (!source.dryRun() || mesh.features().dryRunPolicies())
                && switch (source.action()) {
                    case ALLOW, DENY -> true;
                    case AUDIT, CUSTOM -> false;
                };
    }

    private PolicyOutcome sent(AuthorizationPolicyObject source, Action action) {
        var ignored = new LinkedHashSet<String>();
        var rules = new ArrayList<AuthorizationRule>();
        for (var rule : source.rules()) {
            var requestAttributes = new LinkedHashSet<String>();
            var translated = rule(source, rule, requestAttributes);
            ignored.addAll(requestAttributes);
            if (action == Action.DENY || requestAttributes.isEmpty()) {
                rules.add(translated);
            }
        }
        var policy = new AuthorizationPolicy(
                source.name().namespace(), source.name().name(), scope(source), action, rules, source.dryRun());
        return new PolicyOutcome.Sent(policy, List.copyOf(ignored));
    }

    private Scope scope(AuthorizationPolicyObject source) {
        if (source.selector() != null) {
            return Scope.WORKLOAD_SELECTOR;
        }
        return source.name().namespace().equals(mesh.rootNamespace()) ? Scope.GLOBAL : Scope.NAMESPACE;
    }

    /** Any operation and any source will do, and every condition must hold. */
    private static AuthorizationRule rule(AuthorizationPolicyObject policy, Rule rule, Set<String> requestAttributes) {
        var clauses = new ArrayList<Clause>();
        addClause(clauses, policy, rule.to(), requestAttributes);
        addClause(clauses, policy, rule.from(), requestAttributes);
        for (var condition : rule.when()) {
            var match = new MatchTerms(policy.name().namespace());
            if (!condition(match, condition)) {
                requestAttributes.add(condition.key());
            }
            clauses.add(new Clause(List.of(match.match())));
        }
        return new AuthorizationRule(clauses);
    }

    private static void addClause(
            List<Clause> clauses,
            AuthorizationPolicyObject policy,
            List<Attributes> alternatives,
            Set<String> requestAttributes) {
        if (alternatives.isEmpty()) {
            return;
        }
        // One that is left without attributes never matches, as it must: what it asked for cannot be seen.
        clauses.add(new Clause(alternatives.stream()
                .map(attributes -> {
                    var match = new MatchTerms(policy.name().namespace());
                    requestAttributes.addAll(match.add(attributes));
                    return match.match();
                })
                .toList()));
    }

    /** False for a key that only requests have. */
    private static boolean condition(MatchTerms match, Condition condition) {
        switch (condition.key()) {
            case "source.ip" -> match.sourceIps(condition.values(), condition.notValues());
            case "source.namespace" -> match.namespaces(condition.values(), condition.notValues());
            case "source.principal" -> match.principals(condition.values(), condition.notValues());
            case "destination.ip" -> match.destinationIps(condition.values(), condition.notValues());
            case "destination.port" -> match.ports(condition.values(), condition.notValues());
            default -> {
                return false;
            }
        }
        return true;
    }
}
