package dev.gossamer.control.translate;

import dev.gossamer.control.observed.AddressText;
import dev.gossamer.control.observed.AuthorizationPolicyObject.Attributes;
import dev.gossamer.core.policy.AddressRange;
import dev.gossamer.core.policy.AuthorizationRule.Match;
import dev.gossamer.core.policy.AuthorizationRule.ServiceAccount;
import dev.gossamer.core.policy.AuthorizationRule.Terms;
import dev.gossamer.core.policy.TextPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Collects what one match of a policy names; values that nobody can read are left out. Confined to one translation. */
final class MatchTerms {
    private static final String SCHEME = "spiffe://";

    private final String policyNamespace;
    private Terms<TextPattern> namespaces = Terms.unset();
    private Terms<TextPattern> principals = Terms.unset();
    private Terms<ServiceAccount> serviceAccounts = Terms.unset();
    private Terms<AddressRange> sourceIps = Terms.unset();
    private Terms<AddressRange> destinationIps = Terms.unset();
    private Terms<Integer> destinationPorts = Terms.unset();

    MatchTerms(String policyNamespace) {
        this.policyNamespace = policyNamespace;
    }

    Match match() {
        return new Match(namespaces, principals, serviceAccounts, sourceIps, destinationIps, destinationPorts);
    }

    /** Takes a source or an operation; returns the attributes that only requests have. */
    List<String> add(Attributes attributes) {
        var requestAttributes = new ArrayList<String>();
        for (var field : new TreeSet<>(attributes.values().keySet())) {
            switch (field) {
                case "principals", "notPrincipals" ->
                    principals(attributes.get("principals"), attributes.get("notPrincipals"));
                case "namespaces", "notNamespaces" ->
                    namespaces(attributes.get("namespaces"), attributes.get("notNamespaces"));
                case "serviceAccounts", "notServiceAccounts" ->
                    serviceAccounts(attributes.get("serviceAccounts"), attributes.get("notServiceAccounts"));
                case "ipBlocks", "notIpBlocks" -> sourceIps(attributes.get("ipBlocks"), attributes.get("notIpBlocks"));
                case "ports", "notPorts" -> ports(attributes.get("ports"), attributes.get("notPorts"));
                default -> requestAttributes.add(field);
            }
        }
        return requestAttributes;
    }

    void namespaces(List<String> any, List<String> none) {
        namespaces = terms(any, none, TextPattern::parse);
    }

    void principals(List<String> any, List<String> none) {
        principals = terms(
                any, none, text -> TextPattern.parse(text.startsWith(SCHEME) ? text.substring(SCHEME.length()) : text));
    }

    /** {@code namespace/name}, or a name in the policy's own namespace. */
    void serviceAccounts(List<String> any, List<String> none) {
        serviceAccounts = terms(any, none, text -> {
            int slash = text.indexOf('/');
            return slash < 0
                    ? new ServiceAccount(policyNamespace, text)
                    : new ServiceAccount(text.substring(0, slash), text.substring(slash + 1));
        });
    }

    void sourceIps(List<String> any, List<String> none) {
        sourceIps = terms(any, none, MatchTerms::range);
    }

    void destinationIps(List<String> any, List<String> none) {
        destinationIps = terms(any, none, MatchTerms::range);
    }

    void ports(List<String> any, List<String> none) {
        destinationPorts = terms(any, none, MatchTerms::port);
    }

    private static <T> Terms<T> terms(List<String> any, List<String> none, Function<String, @Nullable T> reader) {
        return new Terms<>(read(any, reader), read(none, reader));
    }

    private static <T> List<T> read(List<String> texts, Function<String, @Nullable T> reader) {
        var values = new ArrayList<T>();
        for (var text : texts) {
            T value = reader.apply(text);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    private static @Nullable AddressRange range(String text) {
        var range = AddressText.parseRange(text);
        return range == null ? null : new AddressRange(range.address(), range.prefixLength());
    }

    private static @Nullable Integer port(String text) {
        try {
            int port = Integer.parseInt(text.strip());
            return port < 0 || port > 65535 ? null : port;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
