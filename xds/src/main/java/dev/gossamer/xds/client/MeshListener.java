package dev.gossamer.xds.client;

import dev.gossamer.core.policy.AuthorizationPolicy;
import dev.gossamer.xds.codec.MeshResource;
import java.util.List;

/** Is told what changes in the mesh. Called by the one thread that runs the client, in the wire's order. */
public interface MeshListener {
    /**
     * Workloads and services of one response, all at once: {@code removed} first, then {@code changed}.
     *
     * @param removed resource names: uids of workloads, or {@code namespace/hostname} of services; maybe unknown
     * @throws RejectedUpdateException if some of {@code changed} cannot be used; the others are applied
     */
    void onAddresses(List<MeshResource> changed, List<String> removed) throws RejectedUpdateException;

    /**
     * Policies of one response, all at once.
     *
     * @throws RejectedUpdateException if some of {@code changed} cannot be used; the others are applied
     */
    void onPolicies(List<PolicyUpdate> changed, List<String> removed) throws RejectedUpdateException;

    /** {@code name}: by which workloads list the policy, and by which it is removed. Immutable. */
    record PolicyUpdate(String name, AuthorizationPolicy policy) {}
}
