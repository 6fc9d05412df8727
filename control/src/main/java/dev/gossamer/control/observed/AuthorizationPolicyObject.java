package dev.gossamer.control.observed;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An AuthorizationPolicy as its user wrote it. Immutable.
 *
 * @param selector absent: the namespace, or the mesh
 * @param targeted attached to a waypoint by {@code targetRef} or {@code targetRefs}
 * @param generation of the spec, for the status
 */
public record AuthorizationPolicyObject(
        Metadata metadata,
        long generation,
        @Nullable Map<String, String> selector,
        boolean targeted,
        Action action,
        boolean dryRun,
        List<Rule> rules)
        implements Observed {
    public AuthorizationPolicyObject {
        selector = selector == null ? null : Map.copyOf(selector);
        rules = List.copyOf(rules);
    }

    public enum Action {
        ALLOW,
        DENY,
        AUDIT,
        CUSTOM
    }

    public record Rule(List<Attributes> from, List<Attributes> to, List<Condition> when) {
        public Rule {
            from = List.copyOf(from);
            to = List.copyOf(to);
            when = List.copyOf(when);
        }
    }

    /** One source or operation: values by the field's name, such as {@code notPorts}. Immutable. */
    public record Attributes(Map<String, List<String>> values) {
        public Attributes {
            var copy = new HashMap<String, List<String>>();
            values.forEach((name, list) -> {
                if (!list.isEmpty()) {
                    copy.put(name, List.copyOf(list));
                }
            });
            values = Map.copyOf(copy);
        }

        public List<String> get(String field) {
            return values.getOrDefault(field, List.of());
        }
    }

    public record Condition(String key, List<String> values, List<String> notValues) {
        public Condition {
            values = List.copyOf(values);
            notValues = List.copyOf(notValues);
        }
    }

    @Override
    public Kind kind() {
        return Kind.AUTHORIZATION_POLICY;
    }
}
