package dev.gossamer.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.core.policy.AuthorizationPolicy.Action;
import dev.gossamer.core.policy.AuthorizationPolicy.Scope;
import dev.gossamer.core.policy.AuthorizationRule.Clause;
import dev.gossamer.core.policy.AuthorizationRule.Match;
import dev.gossamer.core.policy.AuthorizationRule.Terms;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PolicyEvaluationTest {
    private static final SpiffeId FRONTEND = new SpiffeId("cluster.local", "production", "frontend");
    private static final AuthorizationRule EVERYTHING = new AuthorizationRule(List.of());

    private final List<String> dryRuns = new ArrayList<>();

    @Test
    void allowsWhenThereIsNoPolicy() {
        assertThat(evaluate()).isEqualTo(new Verdict.Allow(""));
    }

    @Test
    void deniesWhenAnyDenyMatchesThoughAnAllowDoesToo() {
        assertThat(evaluate(policy("all", Action.ALLOW, EVERYTHING), policy("none", Action.DENY, EVERYTHING)))
                .isEqualTo(new Verdict.Deny(Verdict.Reason.EXPLICIT_DENY, "production/none"));
    }

    @Test
    void deniesWhenNoAllowRuleMatches() {
        var verdict = evaluate(policy("api", Action.ALLOW, principals("cluster.local/ns/other/sa/x")));

        assertThat(verdict).isEqualTo(new Verdict.Deny(Verdict.Reason.NO_ALLOW_MATCHED, ""));
        assertThat(((Verdict.Deny) verdict).message()).isEqualTo("allow policies exist, but none allowed");
    }

    @Test
    void deniesEverythingByAnAllowPolicyWithoutRules() {
        assertThat(evaluate(policy("nothing", Action.ALLOW)))
                .isEqualTo(new Verdict.Deny(Verdict.Reason.NO_ALLOW_MATCHED, ""));
    }

    @Test
    void passesADenyPolicyWithoutRules() {
        assertThat(evaluate(policy("nothing", Action.DENY))).isEqualTo(new Verdict.Allow(""));
    }

    @Test
    void namesThePolicyThatAllowed() {
        assertThat(evaluate(policy("api", Action.ALLOW, principals("cluster.local/ns/production/sa/*"))))
                .isEqualTo(new Verdict.Allow("production/api"));
    }

    @Test
    void neverMatchesAMatchWithoutAttributes() {
        var rule = new AuthorizationRule(List.of(new Clause(List.of(match(Terms.unset())))));

        assertThat(evaluate(policy("empty", Action.DENY, rule))).isEqualTo(new Verdict.Allow(""));
    }

    @Test
    void matchesAClauseWithoutMatches() {
        var rule = new AuthorizationRule(List.of(new Clause(List.of())));

        assertThat(evaluate(policy("all", Action.DENY, rule))).isInstanceOf(Verdict.Deny.class);
    }

    @Test
    void deniesPlainTextByTheAbsenceOfAPrincipal() {
        var strict = policy(
                "strict",
                Action.DENY,
                new AuthorizationRule(
                        List.of(new Clause(List.of(match(Terms.none(List.of(new TextPattern.Presence()))))))));

        assertThat(PolicyEvaluation.evaluate(List.of(strict), connection(null), p -> {}))
                .isInstanceOf(Verdict.Deny.class);
        assertThat(PolicyEvaluation.evaluate(List.of(strict), connection(FRONTEND), p -> {}))
                .isInstanceOf(Verdict.Allow.class);
    }

    @Test
    void onlyReportsDryRuns() {
        var deny = new AuthorizationPolicy(
                "production", "try-deny", Scope.NAMESPACE, Action.DENY, List.of(EVERYTHING), true);
        var allow = new AuthorizationPolicy("production", "try-allow", Scope.NAMESPACE, Action.ALLOW, List.of(), true);

        assertThat(evaluate(deny, allow)).isEqualTo(new Verdict.Allow(""));
        assertThat(dryRuns).containsExactly("production/try-deny");
    }

    private Verdict evaluate(AuthorizationPolicy... policies) {
        return PolicyEvaluation.evaluate(List.of(policies), connection(FRONTEND), p -> dryRuns.add(p.key()));
    }

    private static ConnectionAttributes connection(SpiffeId peer) {
        return new ConnectionAttributes(
                peer, InetAddress.ofLiteral("10.20.1.5"), InetAddress.ofLiteral("10.20.2.7"), 8080);
    }

    private static AuthorizationRule principals(String pattern) {
        return new AuthorizationRule(
                List.of(new Clause(List.of(match(Terms.any(List.of(TextPattern.parse(pattern))))))));
    }

    private static Match match(Terms<TextPattern> principals) {
        return new Match(Terms.unset(), principals, Terms.unset(), Terms.unset(), Terms.unset(), Terms.unset());
    }

    private static AuthorizationPolicy policy(String name, Action action, AuthorizationRule... rules) {
        return new AuthorizationPolicy("production", name, Scope.NAMESPACE, action, List.of(rules), false);
    }
}
