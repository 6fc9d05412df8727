package dev.gossamer.control.translate;

import dev.gossamer.control.observed.PodObject;
import dev.gossamer.core.workload.Workload;
import java.util.Map;
import java.util.regex.Pattern;

/** What telemetry calls a workload. */
final class WorkloadNames {
    /** A CronJob names its Jobs by the minute of their start. */
    private static final Pattern CRON_JOB = Pattern.compile("(.+)-\\d{8,10}");

    private WorkloadNames() {}

    static Workload.Description describe(String workloadName, Map<String, String> labels) {
        var name = first(labels, workloadName, "service.istio.io/canonical-name", "app.kubernetes.io/name", "app");
        var revision =
                first(labels, "latest", "service.istio.io/canonical-revision", "app.kubernetes.io/version", "version");
        return new Workload.Description(workloadName, Workload.Type.POD, name, revision);
    }

    /** The Deployment, CronJob or other object that the pod ultimately comes from; else the pod itself. */
    static String ofPod(PodObject pod) {
        var owner = pod.owner();
        if (owner == null) {
            return pod.name().name();
        }
        return switch (owner.kind()) {
            case "ReplicaSet" -> withoutHash(owner.name(), pod.metadata().labels());
            case "Job" -> {
                var cron = CRON_JOB.matcher(owner.name());
                yield cron.matches() ? cron.group(1) : owner.name();
            }
            default -> owner.name();
        };
    }

    private static String withoutHash(String replicaSet, Map<String, String> labels) {
        for (var key : new String[] {"pod-template-hash", "rollouts-pod-template-hash"}) {
            var hash = labels.get(key);
            if (hash != null && !hash.isEmpty() && replicaSet.endsWith("-" + hash)) {
                return replicaSet.substring(0, replicaSet.length() - hash.length() - 1);
            }
        }
        return replicaSet;
    }

    private static String first(Map<String, String> labels, String otherwise, String... keys) {
        for (var key : keys) {
            var value = labels.get(key);
            if (value != null && !value.isEmpty()) {
                return value;
            }
        }
        return otherwise;
    }
}
