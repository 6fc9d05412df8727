package dev.gossamer.ztunnel.state;

import dev.gossamer.core.policy.AddressRange;
import dev.gossamer.core.policy.AuthorizationRule;
import dev.gossamer.core.policy.AuthorizationRule.Clause;
import dev.gossamer.core.policy.AuthorizationRule.Match;
import dev.gossamer.core.policy.AuthorizationRule.ServiceAccount;
import dev.gossamer.core.policy.AuthorizationRule.Terms;
import dev.gossamer.core.policy.TextPattern;
import java.net.InetAddress;
import java.util.List;

/** The rules of a policy in a local mesh file: lists of clauses of matches, as {@code /config_dump} nests them. Stateless. */
final class LocalRules {
    private LocalRules() {}

    static List<AuthorizationRule> of(YamlFields policy) {
        return policy.list("rules").stream()
                .map(rule -> new AuthorizationRule(rule.items().stream()
                        .map(clause -> new Clause(
                                clause.items().stream().map(LocalRules::match).toList()))
                        .toList()))
                .toList();
    }

    private static Match match(YamlFields fields) {
        return new Match(
                new Terms<>(patterns(fields, "namespaces"), patterns(fields, "notNamespaces")),
                new Terms<>(patterns(fields, "principals"), patterns(fields, "notPrincipals")),
                new Terms<>(accounts(fields, "serviceAccounts"), accounts(fields, "notServiceAccounts")),
                new Terms<>(ranges(fields, "sourceIps"), ranges(fields, "notSourceIps")),
                new Terms<>(ranges(fields, "destinationIps"), ranges(fields, "notDestinationIps")),
                new Terms<>(ports(fields, "destinationPorts"), ports(fields, "notDestinationPorts")));
    }

    /** {@code {Exact: x}}, {@code {Prefix: x}}, {@code {Suffix: x}} or {@code {Presence: []}}. */
    private static List<TextPattern> patterns(YamlFields fields, String key) {
        return fields.list(key).stream().map(LocalRules::pattern).toList();
    }

    private static TextPattern pattern(YamlFields fields) {
        for (var kind : fields.keys()) {
            switch (kind) {
                case "Exact" -> {
                    return new TextPattern.Exact(fields.required(kind));
                }
                case "Prefix" -> {
                    return new TextPattern.Prefix(fields.required(kind));
                }
                case "Suffix" -> {
                    return new TextPattern.Suffix(fields.required(kind));
                }
                case "Presence" -> {
                    return new TextPattern.Presence();
                }
                default -> throw new IllegalArgumentException("no kind of text match: " + kind);
            }
        }
        throw new IllegalArgumentException("a text match is {Exact: text}, {Prefix: …}, {Suffix: …} or {Presence: []}");
    }

    private static List<ServiceAccount> accounts(YamlFields fields, String key) {
        return fields.list(key).stream()
                .map(a -> new ServiceAccount(a.required("namespace"), a.required("serviceAccount")))
                .toList();
    }

    private static List<AddressRange> ranges(YamlFields fields, String key) {
        return fields.texts(key).stream().map(LocalRules::range).toList();
    }

    private static AddressRange range(String text) {
        int slash = text.indexOf('/');
        var address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        int length = slash < 0 ? address.getAddress().length * 8 : Integer.parseInt(text.substring(slash + 1));
        return new AddressRange(address, length);
    }

    private static List<Integer> ports(YamlFields fields, String key) {
        return fields.texts(key).stream().map(Integer::parseInt).toList();
    }
}
