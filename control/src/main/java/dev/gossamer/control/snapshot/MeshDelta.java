package dev.gossamer.control.snapshot;

import dev.gossamer.core.policy.AuthorizationPolicy;
import dev.gossamer.xds.codec.MeshResource;
import java.util.List;

/** What a batch of changes changed in the mesh; what came out as before is not mentioned. Immutable. */
public record MeshDelta(
        List<MeshResource> addresses,
        List<String> removedAddresses,
        List<AuthorizationPolicy> policies,
        List<String> removedPolicies) {
    public MeshDelta {
        addresses = List.copyOf(addresses);
        removedAddresses = List.copyOf(removedAddresses);
        policies = List.copyOf(policies);
        removedPolicies = List.copyOf(removedPolicies);
    }

    public boolean isEmpty() {
        return addresses.isEmpty() && removedAddresses.isEmpty() && policies.isEmpty() && removedPolicies.isEmpty();
    }
}
