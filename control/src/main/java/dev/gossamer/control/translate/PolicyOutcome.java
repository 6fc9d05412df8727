package dev.gossamer.control.translate;

import dev.gossamer.core.policy.AuthorizationPolicy;
import java.util.List;

/** What becomes of a policy that a user wrote. Immutable. */
public sealed interface PolicyOutcome {
    /**
     * Node proxies enforce it.
     *
     * @param ignored attributes that only a waypoint can see, in the order in which they are written; where there are
     *     some, the policy is enforced more strictly than it reads
     */
    record Sent(AuthorizationPolicy policy, List<String> ignored) implements PolicyOutcome {
        public Sent {
            ignored = List.copyOf(ignored);
        }
    }

    /** {@code what}: the value that node proxies have no way to enforce. */
    record Unsupported(String what) implements PolicyOutcome {}

    /** It is attached to a waypoint, and node proxies have nothing to do with it. */
    record ForWaypoint() implements PolicyOutcome {}
}
