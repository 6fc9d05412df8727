package dev.gossamer.kube.server.admission;

import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.failure.Cause;
import dev.gossamer.kube.server.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/** Deployments, sets and jobs: defaults that depend on other fields, and selectors that stay. Thread-safe: no state. */
public final class WorkloadRules implements Admission {
    private static final Set<String> KINDS =
            Set.of("apps/deployments", "apps/replicasets", "apps/daemonsets", "apps/statefulsets", "batch/jobs");
    private static final String CONTROLLER_UID = "batch.kubernetes.io/controller-uid";
    private static final String JOB_NAME = "batch.kubernetes.io/job-name";

    @Override
    public void admit(Review review) throws ApiException {
        var storage = review.resource().storage();
        if (!KINDS.contains(storage) || review.subresource().equals("status")) {
            return;
        }
        var object = review.object();
        var spec = Json.ensureObject(object, "spec");
        var template = Json.ensureObject(spec, "template");
        PodTemplates.complete(Json.ensureObject(template, "spec"));
        switch (storage) {
            case "batch/jobs" -> job(review, object, spec, template);
            case "apps/deployments" -> strategy(spec);
            default -> {}
        }
        if (!storage.equals("batch/jobs")) {
            labelsFromTemplate(object, template);
            requireMatch(review, spec, template);
        }
        requireSameSelector(review, spec);
    }

    private static void strategy(ObjectNode spec) {
        var strategy = Json.ensureObject(spec, "strategy");
        if (Json.text(strategy, "type").equals("RollingUpdate")) {
            var rolling = Json.ensureObject(strategy, "rollingUpdate");
            Json.putIfAbsent(rolling, "maxSurge", "25%");
            Json.putIfAbsent(rolling, "maxUnavailable", "25%");
        }
    }

    private static void labelsFromTemplate(ObjectNode object, ObjectNode template) {
        var metadata = Json.ensureObject(object, "metadata");
        var labels = Json.child(template, "metadata", "labels");
        if (labels != null && metadata.path("labels").isEmpty() && !object.has("status")) {
            metadata.set("labels", labels.deepCopy());
        }
    }

    private static void job(Review review, ObjectNode job, ObjectNode spec, ObjectNode template) {
        if (!spec.hasNonNull("completions") && review.before() == null && Json.number(spec, 1, "parallelism") == 1) {
            spec.put("completions", 1);
        }
        if (review.before() != null || Json.isTrue(spec, "manualSelector")) {
            return;
        }
        var uid = Json.text(job, "metadata", "uid");
        var name = Json.text(job, "metadata", "name");
        var labels = Json.ensureObject(Json.ensureObject(template, "metadata"), "labels");
        Map.of(CONTROLLER_UID, uid, "controller-uid", uid, JOB_NAME, name, "job-name", name)
                .forEach(labels::put);
        if (!spec.hasNonNull("selector")) {
            spec.putObject("selector").putObject("matchLabels").put(CONTROLLER_UID, uid);
        }
        var own = Json.ensureObject(Json.ensureObject(job, "metadata"), "labels");
        if (own.isEmpty()) {
            own.setAll(labels.deepCopy());
        }
    }

    private static void requireMatch(Review review, ObjectNode spec, ObjectNode template) throws ApiException {
        var wanted = Json.strings(spec, "selector", "matchLabels");
        var labels = Json.strings(template, "metadata", "labels");
        if (!labels.entrySet().containsAll(wanted.entrySet())) {
            var shown = labels.entrySet().stream()
                    .map(label -> '"' + label.getKey() + "\":\"" + label.getValue() + '"')
                    .collect(Collectors.joining(",", "{", "}"));
            throw invalid(
                    review,
                    "spec.template.metadata.labels",
                    "Invalid value: " + shown + ": `selector` does not match template `labels`");
        }
    }

    private static void requireSameSelector(Review review, ObjectNode spec) throws ApiException {
        if (review.before() == null) {
            return;
        }
        var before = Json.at(review.before(), "spec", "selector");
        var after = spec.path("selector");
        if (!Json.same(before, after)) {
            var labels = Json.strings(spec, "selector", "matchLabels").entrySet().stream()
                    .map(label -> '"' + label.getKey() + "\":\"" + label.getValue() + '"')
                    .collect(Collectors.joining(", "));
            throw invalid(
                    review,
                    "spec.selector",
                    "Invalid value: v1.LabelSelector{MatchLabels:map[string]string{" + labels
                            + "}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: field is immutable");
        }
        boolean job = review.resource().storage().equals("batch/jobs");
        if (job && !Json.same(Json.at(review.before(), "spec", "template"), spec.path("template"))) {
            throw invalid(review, "spec.template", "Invalid value: core.PodTemplateSpec{…}: field is immutable");
        }
    }

    private static ApiException invalid(Review review, String field, String message) {
        return ApiException.invalid(
                review.resource().subject(Json.text(review.object(), "metadata", "name")),
                List.of(new Cause("FieldValueInvalid", field, message)));
    }
}
