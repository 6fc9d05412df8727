package dev.gossamer.core.policy;

import dev.gossamer.core.policy.AuthorizationPolicy.Action;

/**
 * Decides one connection by the policies that apply to its destination.
 *
 * <p>The order is that of Istio's node proxy: any enforced DENY that matches denies; without enforced ALLOW policies
 * the connection passes; else one of them must match. Stateless.
 */
public final class PolicyEvaluation {
    /** Is told what a dry-run policy would have done. */
    @FunctionalInterface
    public interface DryRunListener {
        void wouldHaveMatched(AuthorizationPolicy policy);
    }

    private PolicyEvaluation() {}

    /** {@code policies}: all that apply to the destination, in any order. */
    public static Verdict evaluate(
            Iterable<AuthorizationPolicy> policies, ConnectionAttributes connection, DryRunListener dryRuns) {
        boolean allowExists = false;
        for (var policy : policies) {
            if (policy.action() == Action.ALLOW) {
                allowExists |= !policy.dryRun();
            } else if (policy.matches(connection)) {
                if (!policy.dryRun()) {
                    return new Verdict.Deny(Verdict.Reason.EXPLICIT_DENY, policy.key());
                }
                dryRuns.wouldHaveMatched(policy);
            }
        }
        String allowedBy = allowExists ? null : "";
        for (var policy : policies) {
            if (policy.action() == Action.ALLOW
                    && (policy.dryRun() || allowedBy == null)
                    && policy.matches(connection)) {
                if (policy.dryRun()) {
                    dryRuns.wouldHaveMatched(policy);
                } else {
                    allowedBy = policy.key();
                }
            }
        }
        return allowedBy == null ? new Verdict.Deny(Verdict.Reason.NO_ALLOW_MATCHED, "") : new Verdict.Allow(allowedBy);
    }
}
