package dev.gossamer.control.status;

import dev.gossamer.control.observed.AuthorizationPolicyObject;
import dev.gossamer.control.observed.ObjectName;
import dev.gossamer.control.source.Cluster;
import dev.gossamer.control.source.ObjectReader;
import dev.gossamer.control.source.WatchedKinds;
import dev.gossamer.control.translate.MeshKeys;
import dev.gossamer.control.translate.PolicyOutcome;
import dev.gossamer.control.translate.PolicyTranslation;
import dev.gossamer.core.lifecycle.TaskGroup;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.core.policy.AuthorizationPolicy;
import dev.gossamer.kube.watch.Change;
import dev.gossamer.kube.watch.ClusterUnreachableException;
import dev.gossamer.kube.watch.ClusterWatch;
import dev.gossamer.kube.watch.Source;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.HttpURLConnection;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Tells the authors of AuthorizationPolicies what node proxies make of them, in a condition of the policy's status.
 *
 * <p>Written only where it differs from what is there. Replicas come to the same, so each may write. Thread-safe.
 */
public final class PolicyConditions implements AutoCloseable {
    private static final String FIELD_MANAGER = "istio-ambient-ztunnel-policy";

    private final KubernetesClient client;
    private final PolicyTranslation translation;
    private final String revision;
    private final TimeSource time;
    private final WriteQueue<ObjectName> queue;
    private final TaskGroup tasks = new TaskGroup("policy-conditions");
    private final Map<ObjectName, GenericKubernetesResource> policies = new ConcurrentHashMap<>();
    private @Nullable ClusterWatch watch;

    private PolicyConditions(
            Cluster cluster, PolicyTranslation translation, String revision, TimeSource time, RandomGenerator random) {
        this.client = cluster.client();
        this.translation = translation;
        this.revision = revision;
        this.time = time;
        this.queue = new WriteQueue<>("the condition of AuthorizationPolicy", this::write, random);
    }

    public static PolicyConditions start(
            Cluster cluster, PolicyTranslation translation, String revision, TimeSource time, RandomGenerator random)
            throws ClusterUnreachableException {
        var conditions = new PolicyConditions(cluster, translation, revision, time, random);
        conditions.watch = ClusterWatch.start(
                cluster.client(), List.of(Source.all(WatchedKinds.AUTHORIZATION_POLICY)), conditions::onChange);
        conditions.tasks.start(conditions.queue::run);
        return conditions;
    }

    private void onChange(Change change) {
        switch (change) {
            case Change.Upsert(var key, var _, var object) -> {
                if (object instanceof GenericKubernetesResource policy) {
                    var name = new ObjectName(key.namespace(), key.name());
                    policies.put(name, policy);
                    queue.add(name);
                }
            }
            case Change.Delete(var key, var _) -> policies.remove(new ObjectName(key.namespace(), key.name()));
            case Change.Synced() -> {}
        }
    }

    private void write(ObjectName name) {
        var object = policies.get(name);
        if (object == null || !(ObjectReader.read(object) instanceof AuthorizationPolicyObject policy)) {
            return;
        }
        var wanted = policy.metadata().label(MeshKeys.REVISION);
        if (wanted != null && !wanted.equals(revision)) {
            return;
        }
        var condition = PolicyCondition.of(translation.translate(policy));
        var present = PolicyCondition.presentIn(object);
        if (condition == null ? present != null : !condition.equals(present)) {
            apply(name, condition, policy.generation());
        }
    }

    /** Server-side apply: what is left out, and was ours, goes. */
    private void apply(ObjectName name, @Nullable PolicyCondition condition, long generation) {
        var kind = WatchedKinds.AUTHORIZATION_POLICY;
        var document = new LinkedHashMap<String, Object>();
        document.put("apiVersion", kind.apiVersion());
        document.put("kind", kind.name());
        document.put("metadata", Map.of("name", name.name(), "namespace", name.namespace()));
        if (condition != null) {
            var now = time.now().truncatedTo(ChronoUnit.SECONDS).toString();
            document.put("status", Map.of("conditions", List.of(condition.fields(now, generation))));
        }
        try {
            client.genericKubernetesResources(new ResourceDefinitionContext.Builder()
                            .withGroup(kind.group())
                            .withVersion(kind.version())
                            .withKind(kind.name())
                            .withPlural(kind.plural())
                            .withNamespaced(true)
                            .build())
                    .inNamespace(name.namespace())
                    .withName(name.name())
                    .subresource("status")
                    .patch(
                            new PatchContext.Builder()
                                    .withPatchType(PatchType.SERVER_SIDE_APPLY)
                                    .withFieldManager(FIELD_MANAGER)
                                    .withForce(true)
                                    .build(),
                            client.getKubernetesSerialization().asJson(document));
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
            // Deleted meanwhile.
        }
    }

    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
        tasks.close();
    }

    /** What is said of a policy, without the moment. Immutable. */
    record PolicyCondition(String status, String reason, String message) {
        private static final String TYPE = "ZtunnelAccepted";
        private static final String UNSUPPORTED = "UnsupportedValue";

        /** Absent for one that is a waypoint's alone. */
        static @Nullable PolicyCondition of(PolicyOutcome outcome) {
            return switch (outcome) {
                case PolicyOutcome.ForWaypoint() -> null;
                case PolicyOutcome.Unsupported(var what) ->
                    new PolicyCondition(
                            "False",
                            UNSUPPORTED,
                            "ztunnel does not support " + what + ", so the policy is not enforced");
                case PolicyOutcome.Sent(var _, var ignored)
                when ignored.isEmpty() -> new PolicyCondition("True", "Accepted", "attached to ztunnel");
                case PolicyOutcome.Sent(var policy, var ignored) ->
                    new PolicyCondition("True", UNSUPPORTED, strictness(policy, ignored));
            };
        }

        private static String strictness(AuthorizationPolicy policy, List<String> ignored) {
            var consequence =
                    switch (policy.action()) {
                        case ALLOW -> "rules that name them are left out, so less is allowed than is written";
                        case DENY ->
                            "they are left out of their rules, so more is denied than is written; where nothing else"
                                    + " is named, nothing is";
                    };
            return "ztunnel sees connections, not requests, and does not know " + String.join(", ", ignored) + ": "
                    + consequence + ". Attach the policy to a waypoint to enforce it whole";
        }

        static @Nullable PolicyCondition presentIn(GenericKubernetesResource object) {
            if (object.getAdditionalProperties().get("status") instanceof Map<?, ?> status
                    && status.get("conditions") instanceof List<?> conditions) {
                for (var item : conditions) {
                    if (item instanceof Map<?, ?> condition && TYPE.equals(condition.get("type"))) {
                        return new PolicyCondition(
                                String.valueOf(condition.get("status")),
                                String.valueOf(condition.get("reason")),
                                String.valueOf(condition.get("message")));
                    }
                }
            }
            return null;
        }

        Map<String, Object> fields(String now, long generation) {
            var fields = new LinkedHashMap<String, Object>();
            fields.put("type", TYPE);
            fields.put("status", status);
            fields.put("reason", reason);
            fields.put("message", message);
            fields.put("lastTransitionTime", now);
            fields.put("observedGeneration", generation);
            return fields;
        }
    }
}
