package dev.gossamer.kube.schema.kinds;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Defaults of built-in kinds that follow from other fields, and so cannot stand in a schema. Stateless. */
final class DependentDefaults {
    private static final String RBAC = "rbac.authorization.k8s.io";

    private DependentDefaults() {}

    /** What completes objects of a kind, after the schema's own defaults. */
    static Consumer<ObjectNode> of(ResourceKind kind) {
        return switch (kind.names().kind()) {
            case "Pod" -> DependentDefaults::pod;
            case "ReplicationController", "ReplicaSet" -> DependentDefaults::template;
            case "Deployment" -> DependentDefaults::deployment;
            case "DaemonSet" -> DependentDefaults::daemonSet;
            case "StatefulSet" -> DependentDefaults::statefulSet;
            case "Job" -> DependentDefaults::job;
            case "CronJob" -> DependentDefaults::cronJob;
            case "Service" -> DependentDefaults::service;
            case "Secret" -> DependentDefaults::secret;
            case "NetworkPolicy" -> DependentDefaults::networkPolicy;
            case "RoleBinding", "ClusterRoleBinding" -> DependentDefaults::binding;
            case "CustomResourceDefinition" -> DependentDefaults::definition;
            default -> _ -> {};
        };
    }

    private static void pod(ObjectNode pod) {
        podSpec(pod.path("spec"));
    }

    private static void template(ObjectNode workload) {
        podSpec(workload.path("spec").path("template").path("spec"));
    }

    private static void podSpec(JsonNode node) {
        if (!(node instanceof ObjectNode spec)) {
            return;
        }
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
            for (var container : spec.path(list)) {
                if (container instanceof ObjectNode object) {
                    container(object, spec.path("hostNetwork").asBoolean(false));
                }
            }
        }
        // Two names of one field; programs read either.
        mirror(spec, "serviceAccountName", "serviceAccount");
        mirror(spec, "serviceAccount", "serviceAccountName");
    }

    private static void mirror(ObjectNode spec, String from, String to) {
        if (!spec.path(from).asString("").isEmpty()
                && spec.path(to).asString("").isEmpty()) {
            spec.set(to, spec.get(from));
        }
    }

    private static void container(ObjectNode container, boolean hostNetwork) {
        if (!container.has("imagePullPolicy")) {
            container.put(
                    "imagePullPolicy", mayChange(container.path("image").asString("")) ? "Always" : "IfNotPresent");
        }
        for (var port : container.path("ports")) {
            if (hostNetwork
                    && port instanceof ObjectNode object
                    && !object.has("hostPort")
                    && object.has("containerPort")) {
                object.set("hostPort", object.get("containerPort"));
            }
        }
        if (container.path("resources") instanceof ObjectNode resources
                && resources.get("limits") instanceof ObjectNode limits) {
            var requests =
                    resources.get("requests") instanceof ObjectNode given ? given : resources.putObject("requests");
            for (var limit : limits.properties()) {
                if (!requests.has(limit.getKey())) {
                    requests.set(limit.getKey(), limit.getValue());
                }
            }
        }
    }

    /** Whether an image's name may mean another image tomorrow: it has no tag, or the tag "latest", and no digest. */
    private static boolean mayChange(String image) {
        if (image.indexOf('@') >= 0) {
            return false;
        }
        String last = image.substring(image.lastIndexOf('/') + 1);
        return last.indexOf(':') < 0 || last.endsWith(":latest");
    }

    private static void deployment(ObjectNode deployment) {
        template(deployment);
        var strategy = vagueStrategy(deployment, "strategy");
        if (strategy != null) {
            var rolling = strategy.putObject("rollingUpdate");
            rolling.put("maxSurge", "25%");
            rolling.put("maxUnavailable", "25%");
        }
    }

    private static void daemonSet(ObjectNode daemonSet) {
        template(daemonSet);
        var strategy = vagueStrategy(daemonSet, "updateStrategy");
        if (strategy != null) {
            var rolling = strategy.putObject("rollingUpdate");
            rolling.put("maxSurge", 0);
            rolling.put("maxUnavailable", 1);
        }
    }

    private static void statefulSet(ObjectNode statefulSet) {
        template(statefulSet);
        var strategy = vagueStrategy(statefulSet, "updateStrategy");
        if (strategy != null) {
            strategy.putObject("rollingUpdate").put("partition", 0);
        }
    }

    /** The strategy, if it is to roll and does not say how. */
    private static @Nullable ObjectNode vagueStrategy(ObjectNode workload, String field) {
        return workload.path("spec").path(field) instanceof ObjectNode strategy
                        && strategy.path("type").asString("").equals("RollingUpdate")
                        && !strategy.has("rollingUpdate")
                ? strategy
                : null;
    }

    private static void job(ObjectNode job) {
        template(job);
        if (job.path("spec") instanceof ObjectNode spec && !spec.has("parallelism")) {
            // With neither, one pod has to succeed; with parallelism alone, any pod's success ends the job.
            if (!spec.has("completions")) {
                spec.put("completions", 1);
            }
            spec.put("parallelism", 1);
        }
    }

    private static void cronJob(ObjectNode cronJob) {
        podSpec(cronJob.path("spec")
                .path("jobTemplate")
                .path("spec")
                .path("template")
                .path("spec"));
    }

    private static void service(ObjectNode service) {
        if (!(service.path("spec") instanceof ObjectNode spec)) {
            return;
        }
        String type = spec.path("type").asString("");
        for (var port : spec.path("ports")) {
            if (port instanceof ObjectNode object && !object.has("targetPort") && object.has("port")) {
                object.set("targetPort", object.get("port"));
            }
        }
        if (type.equals("ExternalName")) {
            spec.remove("internalTrafficPolicy");
        } else if (!type.equals("ClusterIP") && !spec.has("externalTrafficPolicy")) {
            spec.put("externalTrafficPolicy", "Cluster");
        }
    }

    /** Texts become bytes: nobody is told later in which form they were written. */
    private static void secret(ObjectNode secret) {
        if (secret.get("stringData") instanceof ObjectNode texts) {
            var data = secret.get("data") instanceof ObjectNode given ? given : secret.putObject("data");
            for (var text : texts.properties()) {
                if (text.getValue().isString()) {
                    byte[] bytes = text.getValue().asString().getBytes(StandardCharsets.UTF_8);
                    data.put(text.getKey(), Base64.getEncoder().encodeToString(bytes));
                }
            }
            secret.remove("stringData");
        }
    }

    private static void networkPolicy(ObjectNode policy) {
        if (policy.path("spec") instanceof ObjectNode spec && !spec.has("policyTypes")) {
            var types = spec.putArray("policyTypes").add("Ingress");
            if (spec.has("egress")) {
                types.add("Egress");
            }
        }
    }

    private static void binding(ObjectNode binding) {
        for (var subject : binding.path("subjects")) {
            boolean account = subject.path("kind").asString("").equals("ServiceAccount");
            if (!account && subject instanceof ObjectNode object && !object.has("apiGroup")) {
                object.put("apiGroup", RBAC);
            }
        }
    }

    private static void definition(ObjectNode definition) {
        if (!(definition.path("spec").path("names") instanceof ObjectNode names)) {
            return;
        }
        String kind = names.path("kind").asString("");
        if (names.path("singular").asString("").isEmpty()) {
            names.put("singular", kind.toLowerCase(Locale.ROOT));
        }
        if (names.path("listKind").asString("").isEmpty()) {
            names.put("listKind", kind + "List");
        }
    }
}
