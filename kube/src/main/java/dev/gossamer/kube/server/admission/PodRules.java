package dev.gossamer.kube.server.admission;

import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.failure.Cause;
import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.storage.Key;
import dev.gossamer.kube.server.storage.Store;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a real server adds to pods: service account and its token, tolerations, quality of service; and what it lets
 * nobody change.
 *
 * <p>Thread-safe: reads the store.
 */
public final class PodRules implements Admission {
    private static final String TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
    private static final List<String> CHANGEABLE =
            List.of("activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds", "schedulingGates");

    private final Store store;

    public PodRules(Store store) {
        this.store = store;
    }

    @Override
    public void admit(Review review) throws ApiException {
        if (!review.is("", "pods") || !review.subresource().isEmpty()) {
            return;
        }
        var pod = review.object();
        var spec = Json.ensureObject(pod, "spec");
        if (review.before() == null) {
            create(review, pod, spec);
        } else {
            requireUnchanged(review, review.before().path("spec"), spec);
        }
    }

    private void create(Review review, ObjectNode pod, ObjectNode spec) throws ApiException {
        PodTemplates.complete(spec);
        var namespace = Json.text(pod, "metadata", "namespace");
        var account = Json.text(spec, "serviceAccountName");
        if (account.isEmpty()) {
            account = Json.text(spec, "serviceAccount").isEmpty() ? "default" : Json.text(spec, "serviceAccount");
        }
        spec.put("serviceAccountName", account).put("serviceAccount", account);
        var stored = store.newest(new Key("/serviceaccounts", namespace, account));
        if (stored == null && !isMirror(pod)) {
            throw ApiException.forbidden(
                    review.resource().subject(Json.text(pod, "metadata", "name")),
                    "error looking up service account " + namespace + "/" + account + ": serviceaccount \"" + account
                            + "\" not found");
        }
        if (stored != null && mountsToken(spec, stored.object())) {
            mountToken(spec);
        }
        if (!spec.hasNonNull("priority")) {
            spec.put("priority", 0);
        }
        Json.putIfAbsent(spec, "preemptionPolicy", "PreemptLowerPriority");
        tolerate(Json.ensureArray(spec, "tolerations"));
        var status = Json.ensureObject(pod, "status");
        status.put("phase", "Pending").put("qosClass", qualityOfService(spec));
    }

    private static boolean isMirror(ObjectNode pod) {
        return Json.at(pod, "metadata", "annotations").has("kubernetes.io/config.mirror");
    }

    private static boolean mountsToken(ObjectNode spec, ObjectNode account) {
        var own = spec.get("automountServiceAccountToken");
        var byAccount = account.get("automountServiceAccountToken");
        if (own != null && own.isBoolean()) {
            return own.booleanValue();
        }
        return byAccount == null || !byAccount.isBoolean() || byAccount.booleanValue();
    }

    private static void mountToken(ObjectNode spec) {
        var name = "kube-api-access-" + suffix();
        boolean used = false;
        for (var list : List.of("containers", "initContainers")) {
            for (var container : spec.path(list)) {
                if (container instanceof ObjectNode object && !mounts(object)) {
                    Json.ensureArray(object, "volumeMounts")
                            .addObject()
                            .put("name", name)
                            .put("readOnly", true)
                            .put("mountPath", TOKEN_PATH);
                    used = true;
                }
            }
        }
        if (!used) {
            return;
        }
        var projected = Json.ensureArray(spec, "volumes")
                .addObject()
                .put("name", name)
                .putObject("projected")
                .put("defaultMode", 420);
        var sources = projected.putArray("sources");
        sources.addObject()
                .putObject("serviceAccountToken")
                .put("expirationSeconds", 3607)
                .put("path", "token");
        var authority = sources.addObject().putObject("configMap").put("name", "kube-root-ca.crt");
        authority.putArray("items").addObject().put("key", "ca.crt").put("path", "ca.crt");
        var namespace =
                sources.addObject().putObject("downwardAPI").putArray("items").addObject();
        namespace.put("path", "namespace");
        namespace.putObject("fieldRef").put("apiVersion", "v1").put("fieldPath", "metadata.namespace");
    }

    private static boolean mounts(ObjectNode container) {
        for (var mount : container.path("volumeMounts")) {
            if (Json.text(mount, "mountPath").equals(TOKEN_PATH)) {
                return true;
            }
        }
        return false;
    }

    private static String suffix() {
        var text = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            text.append(ALPHABET.charAt(ThreadLocalRandom.current().nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    private static void tolerate(ArrayNode tolerations) {
        for (var key : List.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")) {
            if (!tolerates(tolerations, key)) {
                tolerations
                        .addObject()
                        .put("key", key)
                        .put("operator", "Exists")
                        .put("effect", "NoExecute")
                        .put("tolerationSeconds", 300);
            }
        }
    }

    private static boolean tolerates(ArrayNode tolerations, String key) {
        for (var toleration : tolerations) {
            var own = Json.text(toleration, "key");
            var effect = Json.text(toleration, "effect");
            if ((own.isEmpty() || own.equals(key)) && (effect.isEmpty() || effect.equals("NoExecute"))) {
                return true;
            }
        }
        return false;
    }

    private static String qualityOfService(ObjectNode spec) {
        boolean any = false;
        boolean guaranteed = true;
        for (var container : spec.path("containers")) {
            var requests = Json.at(container, "resources", "requests");
            var limits = Json.at(container, "resources", "limits");
            any |= !requests.isEmpty() || !limits.isEmpty();
            for (var resource : List.of("cpu", "memory")) {
                var limit = Json.text(limits, resource);
                var request = Json.text(requests, resource);
                guaranteed &= !limit.isEmpty() && (request.isEmpty() || request.equals(limit));
            }
        }
        return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
    }

    private static void requireUnchanged(Review review, JsonNode before, ObjectNode after) throws ApiException {
        if (!(before instanceof ObjectNode old) || Json.same(essential(old), essential(after))) {
            return;
        }
        boolean scheduled = !Json.text(old, "nodeName").isEmpty();
        var oldPlace = essential(old);
        var newPlace = essential(after);
        if (!scheduled) {
            // Whoever schedules may do so by an ordinary update as well as by a binding.
            oldPlace.remove("nodeName");
            newPlace.remove("nodeName");
        }
        if (!Json.same(oldPlace, newPlace)) {
            throw ApiException.invalid(
                    review.resource().subject(Json.text(review.object(), "metadata", "name")),
                    List.of(new Cause(
                            "FieldValueForbidden",
                            "spec",
                            "Forbidden: pod updates may not change fields other than"
                                    + " `spec.containers[*].image`,`spec.initContainers[*].image`,"
                                    + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing"
                                    + " tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if"
                                    + " it was previously negative)")));
        }
    }

    private static ObjectNode essential(ObjectNode spec) {
        var copy = spec.deepCopy();
        copy.remove(CHANGEABLE);
        for (var list : List.of("containers", "initContainers")) {
            for (var container : copy.path(list)) {
                if (container instanceof ObjectNode object) {
                    object.remove("image");
                }
            }
        }
        return copy;
    }
}
