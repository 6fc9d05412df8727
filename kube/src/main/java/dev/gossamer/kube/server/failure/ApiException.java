package dev.gossamer.kube.server.failure;

import dev.gossamer.kube.server.json.Json;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A request cannot be served; becomes the {@code Status} object that the client gets. */
public final class ApiException extends Exception {
    private final transient Reason reason;
    private final transient @Nullable Subject subject;
    private final transient List<Cause> causes;

    private ApiException(Reason reason, String message, @Nullable Subject subject, List<Cause> causes) {
        // No stack trace: clients cause these, some of them all the time.
        super(message, null, false, false);
        this.reason = reason;
        this.subject = subject;
        this.causes = List.copyOf(causes);
    }

    public static ApiException of(Reason reason, String message) {
        return new ApiException(reason, message, null, List.of());
    }

    public static ApiException about(Subject subject, Reason reason, String message) {
        return new ApiException(reason, message, subject, List.of());
    }

    public static ApiException badRequest(String message) {
        return of(Reason.BAD_REQUEST, message);
    }

    public static ApiException noSuchPath() {
        return of(Reason.NOT_FOUND, "the server could not find the requested resource");
    }

    public static ApiException notFound(Subject subject) {
        return about(subject, Reason.NOT_FOUND, subject.qualifiedResource() + " \"" + subject.name() + "\" not found");
    }

    public static ApiException alreadyExists(Subject subject) {
        return about(
                subject,
                Reason.ALREADY_EXISTS,
                subject.qualifiedResource() + " \"" + subject.name() + "\" already exists");
    }

    public static ApiException conflict(Subject subject, String why) {
        return about(
                subject,
                Reason.CONFLICT,
                "Operation cannot be fulfilled on " + subject.qualifiedResource() + " \"" + subject.name() + "\": "
                        + why);
    }

    public static ApiException modified(Subject subject) {
        return conflict(
                subject, "the object has been modified; please apply your changes to the latest version and try again");
    }

    public static ApiException forbidden(Subject subject, String why) {
        return about(
                subject,
                Reason.FORBIDDEN,
                subject.qualifiedResource() + (subject.name().isEmpty() ? "" : " \"" + subject.name() + "\"")
                        + " is forbidden: " + why);
    }

    /** {@code causes}: at least one. */
    public static ApiException invalid(Subject subject, List<Cause> causes) {
        var all = causes.stream()
                .map(cause -> cause.field().isEmpty() ? cause.message() : cause.field() + ": " + cause.message())
                .distinct()
                .toList();
        var joined = all.size() == 1 ? all.getFirst() : all.stream().collect(Collectors.joining(", ", "[", "]"));
        return new ApiException(
                Reason.INVALID,
                subject.qualifiedKind() + " \"" + subject.name() + "\" is invalid: " + joined,
                subject,
                causes);
    }

    /** Another manager owns what an apply would change. */
    public static ApiException applyConflict(String message, List<Cause> causes) {
        return new ApiException(Reason.CONFLICT, message, null, causes);
    }

    public static ApiException internal(String message) {
        return of(Reason.INTERNAL_ERROR, "Internal error occurred: " + message);
    }

    public Reason reason() {
        return reason;
    }

    public int code() {
        return reason.code();
    }

    @Override
    public String getMessage() {
        var message = super.getMessage();
        return message == null ? reason.text() : message;
    }

    /** The {@code Status} object. */
    public ObjectNode toStatus() {
        var status = Json.object().put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", "Failure").put("message", getMessage()).put("reason", reason.text());
        if (subject != null || !causes.isEmpty()) {
            var details = status.putObject("details");
            if (subject != null) {
                putUnlessEmpty(details, "name", subject.name());
                putUnlessEmpty(details, "group", subject.group());
                // Real servers give the kind for invalid objects and the plural for everything else.
                details.put("kind", reason == Reason.INVALID ? subject.kind() : subject.resource());
            }
            if (!causes.isEmpty()) {
                var list = details.putArray("causes");
                causes.forEach(cause -> list.addObject()
                        .put("reason", cause.reason())
                        .put("message", cause.message())
                        .put("field", cause.field()));
            }
        }
        return status.put("code", reason.code());
    }

    private static void putUnlessEmpty(ObjectNode node, String field, String value) {
        if (!value.isEmpty()) {
            node.put(field, value);
        }
    }
}
