package dev.gossamer.kube.server.objects;

import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.failure.Reason;
import dev.gossamer.kube.server.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How an object is to be deleted. Immutable.
 *
 * @param graceSeconds how long a pod may take to stop; null leaves it to the pod
 * @param uid delete only the object with this uid; empty for any
 * @param resourceVersion delete only this state; empty for any
 */
public record DeleteOptions(
        @Nullable Long graceSeconds, Propagation propagation, String uid, String resourceVersion, boolean dryRun) {
    /** What becomes of the objects that the deleted one owns. */
    public enum Propagation {
        /** They are deleted afterwards. */
        BACKGROUND,
        /** They are deleted first. */
        FOREGROUND,
        /** They stay, without the owner. */
        ORPHAN
    }

    public static final DeleteOptions IN_BACKGROUND = new DeleteOptions(null, Propagation.BACKGROUND, "", "", false);

    static DeleteOptions inForeground() {
        return new DeleteOptions(null, Propagation.FOREGROUND, "", "", false);
    }

    /** As in a request's body. */
    public static DeleteOptions parse(JsonNode body) throws ApiException {
        var grace = body.get("gracePeriodSeconds");
        if (grace != null && !grace.isNull() && (!grace.isIntegralNumber() || !grace.canConvertToLong())) {
            throw ApiException.badRequest("gracePeriodSeconds is not a whole number: " + grace);
        }
        boolean dryRun = !body.path("dryRun").isEmpty();
        return new DeleteOptions(
                grace == null || grace.isNull() ? null : Math.max(0, grace.longValue()),
                propagation(body),
                Json.text(body, "preconditions", "uid"),
                Json.text(body, "preconditions", "resourceVersion"),
                dryRun);
    }

    private static Propagation propagation(JsonNode body) throws ApiException {
        if (Json.isTrue(body, "orphanDependents")) {
            return Propagation.ORPHAN;
        }
        var text = Json.text(body, "propagationPolicy");
        return switch (text) {
            case "", "Background" -> Propagation.BACKGROUND;
            case "Foreground" -> Propagation.FOREGROUND;
            case "Orphan" -> Propagation.ORPHAN;
            default ->
                throw ApiException.of(
                        Reason.INVALID,
                        "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Unsupported value: \"" + text
                                + "\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\"");
        };
    }

    DeleteOptions withoutPreconditions() {
        return new DeleteOptions(graceSeconds, propagation, "", "", dryRun);
    }
}
