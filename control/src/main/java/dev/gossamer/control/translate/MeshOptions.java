package dev.gossamer.control.translate;

/**
 * What holds for the whole mesh. Immutable.
 *
 * @param network of the cluster; empty for the default one
 */
public record MeshOptions(
        String cluster, String domain, String trustDomain, String rootNamespace, String network, Features features) {
    /**
     * What can be switched. Immutable.
     *
     * @param dryRunPolicies send policies that are only to be evaluated, not enforced
     * @param entriesSelectPods ServiceEntries with a selector pick pods
     * @param servicesSelectEntries Kubernetes services pick WorkloadEntries
     */
    public record Features(boolean dryRunPolicies, boolean entriesSelectPods, boolean servicesSelectEntries) {
        public static final Features DEFAULT = new Features(false, true, true);
    }
}
