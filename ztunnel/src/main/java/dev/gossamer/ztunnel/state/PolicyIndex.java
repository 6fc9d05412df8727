package dev.gossamer.ztunnel.state;

import dev.gossamer.core.policy.AuthorizationPolicy;
import dev.gossamer.core.policy.AuthorizationPolicy.Scope;
import dev.gossamer.core.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * All policies, by name and by what they guard. Immutable.
 *
 * @param byName as workloads list them
 */
record PolicyIndex(
        FrozenMap<String, AuthorizationPolicy> byName,
        List<AuthorizationPolicy> global,
        FrozenMap<String, List<AuthorizationPolicy>> byNamespace) {
    static final PolicyIndex EMPTY = new PolicyIndex(FrozenMap.empty(), List.of(), FrozenMap.empty());

    /** Policies are few beside workloads, and change seldom: the index is made anew each time. */
    static PolicyIndex of(FrozenMap<String, AuthorizationPolicy> byName) {
        var global = new ArrayList<AuthorizationPolicy>();
        var byNamespace = FrozenMap.<String, List<AuthorizationPolicy>>empty().edit();
        byName.forEach((_, policy) -> {
            switch (policy.scope()) {
                case GLOBAL -> global.add(policy);
                case NAMESPACE -> {
                    var list = byNamespace.get(policy.namespace());
                    if (list == null) {
                        list = new ArrayList<>();
                        byNamespace.put(policy.namespace(), list);
                    }
                    list.add(policy);
                }
                case WORKLOAD_SELECTOR -> {
                    // Found by name, from the workload.
                }
            }
        });
        return new PolicyIndex(byName, List.copyOf(global), byNamespace.freeze());
    }

    List<AuthorizationPolicy> of(Workload workload, Consumer<String> missing) {
        var namespaced = byNamespace.get(workload.namespace());
        if (workload.policies().isEmpty() && namespaced == null) {
            return global;
        }
        var all = new ArrayList<>(global);
        if (namespaced != null) {
            all.addAll(namespaced);
        }
        for (var name : workload.policies()) {
            var policy = byName.get(name);
            if (policy == null) {
                missing.accept(name);
            } else if (policy.scope() == Scope.WORKLOAD_SELECTOR) {
                all.add(policy);
            }
        }
        return all;
    }
}
