package dev.gossamer.control.translate;

import dev.gossamer.control.observed.PeerAuthenticationObject;
import dev.gossamer.control.observed.PeerAuthenticationObject.Mode;
import dev.gossamer.core.policy.AuthorizationPolicy;
import dev.gossamer.core.policy.AuthorizationPolicy.Action;
import dev.gossamer.core.policy.AuthorizationPolicy.Scope;
import dev.gossamer.core.policy.AuthorizationRule;
import dev.gossamer.core.policy.AuthorizationRule.Clause;
import dev.gossamer.core.policy.AuthorizationRule.Match;
import dev.gossamer.core.policy.AuthorizationRule.Terms;
import dev.gossamer.core.policy.TextPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * PeerAuthentications as policies that deny whoever shows no identity.
 *
 * <p>All strict workloads list one policy for the whole mesh. Only exceptions for single ports make policies of their own.
 * Immutable.
 */
public final class PeerAuthenticationTranslation {
    private static final String STATIC_STRICT = "istio_converted_static_strict";
    private static final String CONVERTED_PREFIX = "converted_peer_authentication_";

    private final String rootNamespace;

    public PeerAuthenticationTranslation(MeshOptions mesh) {
        this.rootNamespace = mesh.rootNamespace();
    }

    /** There as long as any PeerAuthentication is. */
    public AuthorizationPolicy staticStrict() {
        return deny(
                rootNamespace,
                STATIC_STRICT,
                List.of(new AuthorizationRule(List.of(clause(anonymous(Terms.unset()))))));
    }

    /** A policy for its port exceptions; absent where it has none that need one. */
    public @Nullable AuthorizationPolicy translate(PeerAuthenticationObject source, PeerModes modes) {
        if (source.name().namespace().equals(rootNamespace)
                || source.selector().isEmpty()
                || source.ports().isEmpty()) {
            return null;
        }
        var rules = isStrict(source, modes) ? strictWithOpenPorts(source) : openWithStrictPorts(source);
        return rules.isEmpty()
                ? null
                : deny(
                        source.name().namespace(),
                        CONVERTED_PREFIX + source.name().name(),
                        rules);
    }

    /** Keys of the policies that a workload lists, in their order. */
    public List<String> keysFor(@Nullable PeerAuthenticationObject selecting, PeerModes modes) {
        boolean strict = selecting == null ? modes.inheritsStrict() : isStrict(selecting, modes);
        if (selecting != null && listsPorts(selecting, strict)) {
            // Beside the policy for the whole mesh an exception would be none: two policies that deny, deny more.
            return List.of(selecting.name().namespace() + "/" + CONVERTED_PREFIX
                    + selecting.name().name());
        }
        return strict ? List.of(rootNamespace + "/" + STATIC_STRICT) : List.of();
    }

    private static boolean isStrict(PeerAuthenticationObject source, PeerModes modes) {
        return source.mode() == Mode.UNSET ? modes.inheritsStrict() : source.mode() == Mode.STRICT;
    }

    private static boolean listsPorts(PeerAuthenticationObject source, boolean strict) {
        var modes = source.ports().values();
        if (!strict) {
            return modes.contains(Mode.STRICT);
        }
        // Where strictness is inherited, Istio takes DISABLE alone for no exception, so that the workload stays strict.
        return source.mode() == Mode.STRICT ? modes.stream().anyMatch(Mode::isOpen) : modes.contains(Mode.PERMISSIVE);
    }

    /** One rule: no identity, and none of the open ports. */
    private static List<AuthorizationRule> strictWithOpenPorts(PeerAuthenticationObject source) {
        var clauses = new ArrayList<Clause>();
        clauses.add(clause(anonymous(Terms.unset())));
        new TreeMap<>(source.ports()).forEach((port, mode) -> {
            if (mode.isOpen()) {
                clauses.add(clause(new Match(
                        Terms.unset(),
                        Terms.unset(),
                        Terms.unset(),
                        Terms.unset(),
                        Terms.unset(),
                        Terms.none(List.of(port)))));
            }
        });
        return clauses.size() == 1 ? List.of() : List.of(new AuthorizationRule(clauses));
    }

    /** A rule for each strict port. */
    private static List<AuthorizationRule> openWithStrictPorts(PeerAuthenticationObject source) {
        var rules = new ArrayList<AuthorizationRule>();
        new TreeMap<>(source.ports()).forEach((port, mode) -> {
            if (mode == Mode.STRICT) {
                rules.add(new AuthorizationRule(List.of(clause(anonymous(Terms.any(List.of(port)))))));
            }
        });
        return rules;
    }

    private static AuthorizationPolicy deny(String namespace, String name, List<AuthorizationRule> rules) {
        return new AuthorizationPolicy(namespace, name, Scope.WORKLOAD_SELECTOR, Action.DENY, rules, false);
    }

    private static Clause clause(Match match) {
        return new Clause(List.of(match));
    }

    private static Match anonymous(Terms<Integer> ports) {
        return new Match(
                Terms.unset(),
                Terms.none(List.of(new TextPattern.Presence())),
                Terms.unset(),
                Terms.unset(),
                Terms.unset(),
                ports);
    }
}
