package dev.gossamer.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.core.policy.AuthorizationPolicy.Action;
import dev.gossamer.core.policy.AuthorizationPolicy.Scope;
import dev.gossamer.core.policy.AuthorizationRule.Clause;
import dev.gossamer.core.policy.AuthorizationRule.Match;
import dev.gossamer.core.policy.AuthorizationRule.ServiceAccount;
import dev.gossamer.core.policy.AuthorizationRule.Terms;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** The evaluation, against the same rules said once more in the words of the specification. */
final class PolicyEvaluationPropertyTest {
    private static final List<String> NAMES = List.of("a", "b", "");

    @Property(tries = 5000, seed = "20260304")
    void decidesLikeTheSpecificationReadAloud(@ForAll long seed) {
        var random = new Random(seed);
        var policies = list(random, 4, () -> policy(random));
        var connection = connection(random);
        var wouldHave = new ArrayList<AuthorizationPolicy>();

        var verdict = PolicyEvaluation.evaluate(policies, connection, wouldHave::add);

        assertThat(verdict instanceof Verdict.Allow).isEqualTo(allows(policies, connection));
        assertThat(wouldHave).allMatch(AuthorizationPolicy::dryRun);
        switch (verdict) {
            case Verdict.Deny deny
            when deny.reason() == Verdict.Reason.EXPLICIT_DENY ->
                assertThat(policies)
                        .anyMatch(p ->
                                p.key().equals(deny.policy()) && p.action() == Action.DENY && matches(p, connection));
            case Verdict.Deny deny -> assertThat(deny.policy()).isEmpty();
            case Verdict.Allow _ -> {
                // Said above.
            }
        }
    }

    private static boolean allows(List<AuthorizationPolicy> policies, ConnectionAttributes c) {
        var enforced = policies.stream().filter(p -> !p.dryRun()).toList();
        boolean denied = enforced.stream().anyMatch(p -> p.action() == Action.DENY && matches(p, c));
        var allows = enforced.stream().filter(p -> p.action() == Action.ALLOW).toList();
        return !denied && (allows.isEmpty() || allows.stream().anyMatch(p -> matches(p, c)));
    }

    private static boolean matches(AuthorizationPolicy policy, ConnectionAttributes c) {
        return policy.rules().stream()
                .anyMatch(rule -> rule.clauses().stream()
                        .allMatch(clause -> clause.matches().isEmpty()
                                || clause.matches().stream().anyMatch(m -> matches(m, c))));
    }

    private static boolean matches(Match m, ConnectionAttributes c) {
        var peer = c.peer();
        var results = Stream.of(
                        term(m.namespaces(), p -> text(p, peer == null ? "" : peer.namespace())),
                        term(
                                m.principals(),
                                p -> peer != null && text(p, peer.toString().substring(9))),
                        term(
                                m.serviceAccounts(),
                                a -> peer != null
                                        && (peer.namespace() + "/" + peer.serviceAccount())
                                                .equals(a.namespace() + "/" + a.name())),
                        term(m.sourceIps(), r -> inRange(r, c.source())),
                        term(m.destinationIps(), r -> inRange(r, c.destination())),
                        term(m.destinationPorts(), port -> port == c.destinationPort()))
                .filter(result -> result != null)
                .toList();
        // Whatever is not named is no condition; nothing named is no match.
        return !results.isEmpty() && results.stream().allMatch(Boolean::booleanValue);
    }

    private static <T> @Nullable Boolean term(Terms<T> terms, Predicate<T> holds) {
        if (terms.any().isEmpty() && terms.none().isEmpty()) {
            return null;
        }
        return (terms.any().isEmpty() || terms.any().stream().anyMatch(holds))
                && terms.none().stream().noneMatch(holds);
    }

    private static boolean text(TextPattern pattern, String value) {
        return switch (pattern) {
            case TextPattern.Exact(var text) -> text.equals(value);
            case TextPattern.Prefix(var text) ->
                value.length() >= text.length()
                        && value.substring(0, text.length()).equals(text);
            case TextPattern.Suffix(var text) ->
                value.length() >= text.length()
                        && value.substring(value.length() - text.length()).equals(text);
            case TextPattern.Presence() -> value.length() > 0;
        };
    }

    /** Bit by bit. */
    private static boolean inRange(AddressRange range, InetAddress address) {
        var mine = range.address().getAddress();
        var theirs = address.getAddress();
        if (mine.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < range.prefixLength(); bit++) {
            int mask = 0x80 >> bit % 8;
            if ((mine[bit / 8] & mask) != (theirs[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    private static AuthorizationPolicy policy(Random random) {
        var rules = list(
                random,
                2,
                () -> new AuthorizationRule(list(random, 2, () -> new Clause(list(random, 2, () -> match(random))))));
        return new AuthorizationPolicy(
                "ns",
                "p" + random.nextInt(100),
                Scope.NAMESPACE,
                random.nextBoolean() ? Action.ALLOW : Action.DENY,
                rules,
                random.nextInt(4) == 0);
    }

    private static Match match(Random random) {
        return new Match(
                terms(random, () -> pattern(random, pick(random, NAMES))),
                terms(random, () -> pattern(random, "td/ns/" + pick(random, NAMES) + "/sa/" + pick(random, NAMES))),
                terms(random, () -> new ServiceAccount(pick(random, NAMES), pick(random, NAMES))),
                terms(random, () -> range(random)),
                terms(random, () -> range(random)),
                terms(random, () -> 80 + random.nextInt(3)));
    }

    private static <T> Terms<T> terms(Random random, Supplier<T> value) {
        return switch (random.nextInt(8)) {
            case 0 -> Terms.any(list(random, 2, value));
            case 1 -> Terms.none(list(random, 2, value));
            case 2 -> new Terms<>(list(random, 2, value), list(random, 2, value));
            default -> Terms.unset();
        };
    }

    private static TextPattern pattern(Random random, String text) {
        int half = text.length() / 2;
        return switch (random.nextInt(4)) {
            case 0 -> new TextPattern.Prefix(text.substring(0, half));
            case 1 -> new TextPattern.Suffix(text.substring(half));
            case 2 -> new TextPattern.Presence();
            default -> new TextPattern.Exact(text);
        };
    }

    private static AddressRange range(Random random) {
        var address = address(random);
        return new AddressRange(address, random.nextInt(address.getAddress().length * 8 + 1));
    }

    private static InetAddress address(Random random) {
        return InetAddress.ofLiteral(
                random.nextInt(3) == 0
                        ? "fd00::" + random.nextInt(4)
                        : "10.0." + random.nextInt(3) + "." + random.nextInt(4));
    }

    private static ConnectionAttributes connection(Random random) {
        var peer = random.nextInt(3) == 0
                ? null
                : new SpiffeId("td", pick(random, NAMES.subList(0, 2)), pick(random, NAMES.subList(0, 2)));
        return new ConnectionAttributes(peer, address(random), address(random), 80 + random.nextInt(3));
    }

    private static <T> List<T> list(Random random, int max, Supplier<T> item) {
        return Stream.generate(item).limit(random.nextInt(max + 1)).toList();
    }

    private static <T> T pick(Random random, List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
