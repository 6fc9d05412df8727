package dev.gossamer.ztunnel.inbound;

import dev.gossamer.core.policy.ConnectionAttributes;
import dev.gossamer.core.policy.PolicyEvaluation;
import dev.gossamer.core.policy.Verdict;
import dev.gossamer.core.workload.Workload;
import dev.gossamer.ztunnel.state.MeshView;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Judges connections to a workload by the policies of a view. Thread-safe. */
final class Authorization {
    private static final Logger LOG = LoggerFactory.getLogger(Authorization.class);
    /** Beyond so many names, further ones are not remembered and therefore not warned of. */
    private static final int MAX_WARNINGS = 1_000;

    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    Verdict judge(MeshView view, Workload workload, ConnectionAttributes connection) {
        var policies = view.policiesOf(workload, name -> warnOnce(workload, name));
        return PolicyEvaluation.evaluate(
                policies,
                connection,
                policy -> LOG.info(
                        "dry run: policy {} ({}) matches a connection from {} to {}",
                        policy.key(),
                        policy.action(),
                        connection.peer() == null ? connection.source() : connection.peer(),
                        workload.uid()));
    }

    private void warnOnce(Workload workload, String policy) {
        if (warned.size() < MAX_WARNINGS && warned.add(policy)) {
            LOG.warn("workload {} lists policy {}, which the control plane has not sent", workload.uid(), policy);
        }
    }
}
