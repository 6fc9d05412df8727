package dev.gossamer.control.source;

import dev.gossamer.control.observed.AuthorizationPolicyObject;
import dev.gossamer.control.observed.AuthorizationPolicyObject.Action;
import dev.gossamer.control.observed.AuthorizationPolicyObject.Attributes;
import dev.gossamer.control.observed.AuthorizationPolicyObject.Condition;
import dev.gossamer.control.observed.AuthorizationPolicyObject.Rule;
import dev.gossamer.control.observed.Metadata;
import dev.gossamer.control.observed.PeerAuthenticationObject;
import dev.gossamer.control.observed.PeerAuthenticationObject.Mode;
import dev.gossamer.control.translate.MeshKeys;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads Istio's policies. Stateless. */
final class PolicyObjects {
    private PolicyObjects() {}

    static AuthorizationPolicyObject authorizationPolicy(Metadata metadata, long generation, Fields spec) {
        return new AuthorizationPolicyObject(
                metadata,
                generation,
                spec.has("selector") ? spec.child("selector").textMap("matchLabels") : null,
                spec.has("targetRef") || !spec.children("targetRefs").isEmpty(),
                action(spec.text("action")),
                "true".equals(metadata.annotation(MeshKeys.DRY_RUN)),
                spec.children("rules").stream().map(PolicyObjects::rule).toList());
    }

    private static Action action(String text) {
        return switch (text) {
            case "DENY" -> Action.DENY;
            case "AUDIT" -> Action.AUDIT;
            case "CUSTOM" -> Action.CUSTOM;
            default -> Action.ALLOW;
        };
    }

    private static Rule rule(Fields rule) {
        return new Rule(
                alternatives(rule.children("from"), "source"),
                alternatives(rule.children("to"), "operation"),
                rule.children("when").stream()
                        .map(condition -> new Condition(
                                condition.text("key"), condition.texts("values"), condition.texts("notValues")))
                        .toList());
    }

    private static List<Attributes> alternatives(List<Fields> items, String wrapper) {
        return items.stream().map(item -> attributes(item.child(wrapper))).toList();
    }

    private static Attributes attributes(Fields fields) {
        var values = new HashMap<String, List<String>>();
        for (var key : fields.values().keySet()) {
            if (key instanceof String name) {
                values.put(name, fields.texts(name));
            }
        }
        return new Attributes(values);
    }

    static PeerAuthenticationObject peerAuthentication(Metadata metadata, Fields spec) {
        var ports = new HashMap<Integer, Mode>();
        var levels = spec.child("portLevelMtls");
        for (var key : levels.values().keySet()) {
            // JSON has no numbers for keys.
            if (key instanceof String text && text.matches("\\d{1,5}")) {
                ports.put(Integer.parseInt(text), mode(levels.child(text).text("mode")));
            }
        }
        Map<String, String> selector = spec.child("selector").textMap("matchLabels");
        return new PeerAuthenticationObject(
                metadata, selector, mode(spec.child("mtls").text("mode")), ports);
    }

    private static Mode mode(String text) {
        return switch (text) {
            case "DISABLE" -> Mode.DISABLE;
            case "PERMISSIVE" -> Mode.PERMISSIVE;
            case "STRICT" -> Mode.STRICT;
            default -> Mode.UNSET;
        };
    }
}
