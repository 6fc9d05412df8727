package dev.gossamer.control.observed;

import java.util.List;
import java.util.Map;

/**
 * A gateway; a waypoint is one. Immutable.
 *
 * @param addresses of its status: without any it is not ready
 * @param admission which namespaces may use its HBONE listener
 */
public record GatewayObject(Metadata metadata, String className, List<Address> addresses, Admission admission)
        implements Observed {
    public GatewayObject {
        addresses = List.copyOf(addresses);
    }

    /** {@code hostname}: whether {@code value} is a name rather than an IP address. Immutable. */
    public record Address(boolean hostname, String value) {}

    /** {@code allowedRoutes.namespaces} of a listener. */
    public sealed interface Admission {
        record Same() implements Admission {}

        record All() implements Admission {}

        record Matching(LabelSelector selector) implements Admission {}
    }

    /** Labels that must be there, and requirements beyond equality. Immutable. */
    public record LabelSelector(Map<String, String> labels, List<Requirement> requirements) {
        public LabelSelector {
            labels = Map.copyOf(labels);
            requirements = List.copyOf(requirements);
        }

        public boolean matches(Map<String, String> candidate) {
            return candidate.entrySet().containsAll(labels.entrySet())
                    && requirements.stream().allMatch(requirement -> requirement.matches(candidate));
        }
    }

    public record Requirement(String key, Operator operator, List<String> values) {
        public Requirement {
            values = List.copyOf(values);
        }

        boolean matches(Map<String, String> candidate) {
            var value = candidate.get(key);
            return switch (operator) {
                case IN -> value != null && values.contains(value);
                case NOT_IN -> value == null || !values.contains(value);
                case EXISTS -> value != null;
                case DOES_NOT_EXIST -> value == null;
            };
        }
    }

    public enum Operator {
        IN,
        NOT_IN,
        EXISTS,
        DOES_NOT_EXIST
    }

    @Override
    public Kind kind() {
        return Kind.GATEWAY;
    }
}
