package dev.gossamer.kube.schema.kinds;

import dev.gossamer.kube.schema.kinds.ResourceKind.Names;
import dev.gossamer.kube.schema.kinds.ResourceKind.Scale;
import dev.gossamer.kube.schema.kinds.ResourceKind.Subresources;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The table of built-in kinds, as text that a person can check at a glance. Immutable. */
final class KindTable {
    /** What discovery lists for an ordinary kind, in its order. */
    private static final List<String> ALL_VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

    private static final List<String> CREATE_ONLY = List.of("create");

    private static final Scale REPLICAS = new Scale(".spec.replicas", ".status.replicas", null);

    /** group/version, kind, plural, scope; then what is out of the ordinary. */
    private static final String TABLE = """
            v1 Namespace namespaces cluster short=ns status sub=finalize
            v1 Node nodes cluster short=no status
            v1 Pod pods namespaced short=po categories=all status sub=log,exec,attach,portforward,eviction,binding,ephemeralcontainers
            v1 Service services namespaced short=svc categories=all status
            v1 ServiceAccount serviceaccounts namespaced short=sa sub=token
            v1 ConfigMap configmaps namespaced short=cm
            v1 Secret secrets namespaced
            v1 Endpoints endpoints namespaced short=ep singular=endpoints list=EndpointsList
            v1 Event events namespaced short=ev
            v1 PersistentVolume persistentvolumes cluster short=pv status
            v1 PersistentVolumeClaim persistentvolumeclaims namespaced short=pvc status
            v1 ReplicationController replicationcontrollers namespaced short=rc categories=all status scale
            v1 LimitRange limitranges namespaced short=limits
            v1 ResourceQuota resourcequotas namespaced short=quota status
            apps/v1 ControllerRevision controllerrevisions namespaced
            apps/v1 DaemonSet daemonsets namespaced short=ds categories=all status
            apps/v1 Deployment deployments namespaced short=deploy categories=all status scale
            apps/v1 ReplicaSet replicasets namespaced short=rs categories=all status scale
            apps/v1 StatefulSet statefulsets namespaced short=sts categories=all status scale
            batch/v1 CronJob cronjobs namespaced short=cj categories=all status
            batch/v1 Job jobs namespaced categories=all status
            autoscaling/v2 HorizontalPodAutoscaler horizontalpodautoscalers namespaced short=hpa categories=all status
            policy/v1 PodDisruptionBudget poddisruptionbudgets namespaced short=pdb status
            networking.k8s.io/v1 Ingress ingresses namespaced short=ing status
            networking.k8s.io/v1 IngressClass ingressclasses cluster
            networking.k8s.io/v1 NetworkPolicy networkpolicies namespaced short=netpol
            discovery.k8s.io/v1 EndpointSlice endpointslices namespaced
            events.k8s.io/v1 Event events namespaced short=ev
            coordination.k8s.io/v1 Lease leases namespaced
            rbac.authorization.k8s.io/v1 ClusterRole clusterroles cluster
            rbac.authorization.k8s.io/v1 ClusterRoleBinding clusterrolebindings cluster
            rbac.authorization.k8s.io/v1 Role roles namespaced
            rbac.authorization.k8s.io/v1 RoleBinding rolebindings namespaced
            scheduling.k8s.io/v1 PriorityClass priorityclasses cluster short=pc
            storage.k8s.io/v1 StorageClass storageclasses cluster short=sc
            apiextensions.k8s.io/v1 CustomResourceDefinition customresourcedefinitions cluster short=crd,crds categories=api-extensions status
            admissionregistration.k8s.io/v1 MutatingWebhookConfiguration mutatingwebhookconfigurations cluster categories=api-extensions
            admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration validatingwebhookconfigurations cluster categories=api-extensions
            authentication.k8s.io/v1 SelfSubjectReview selfsubjectreviews cluster create-only
            authentication.k8s.io/v1 TokenReview tokenreviews cluster create-only
            authorization.k8s.io/v1 LocalSubjectAccessReview localsubjectaccessreviews namespaced create-only
            authorization.k8s.io/v1 SelfSubjectAccessReview selfsubjectaccessreviews cluster create-only
            authorization.k8s.io/v1 SelfSubjectRulesReview selfsubjectrulesreviews cluster create-only
            authorization.k8s.io/v1 SubjectAccessReview subjectaccessreviews cluster create-only
            """;

    private KindTable() {}

    static List<ResourceKind> read() {
        return TABLE.lines().map(KindTable::kind).toList();
    }

    private static ResourceKind kind(String line) {
        var words = line.split(" ");
        int slash = words[0].indexOf('/');
        String name = words[1];
        var more = options(words);
        boolean createOnly = more.containsKey("create-only");
        return new ResourceKind(
                slash < 0 ? "" : words[0].substring(0, slash),
                words[0].substring(slash + 1),
                new Names(
                        name,
                        more.getOrDefault("list", List.of(name + "List")).getFirst(),
                        words[2],
                        more.getOrDefault("singular", List.of(name.toLowerCase(Locale.ROOT)))
                                .getFirst(),
                        more.getOrDefault("short", List.of()),
                        more.getOrDefault("categories", List.of())),
                words[3].equals("namespaced"),
                createOnly ? CREATE_ONLY : ALL_VERBS,
                new Subresources(
                        more.containsKey("status"),
                        more.containsKey("scale") ? REPLICAS : null,
                        more.getOrDefault("sub", List.of())));
    }

    private static Map<String, List<String>> options(String[] words) {
        var options = new LinkedHashMap<String, List<String>>();
        for (int i = 4; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            if (equals < 0) {
                options.put(words[i], new ArrayList<>());
            } else {
                options.put(
                        words[i].substring(0, equals),
                        List.of(words[i].substring(equals + 1).split(",")));
            }
        }
        return options;
    }
}
