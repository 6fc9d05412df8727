package dev.gossamer.kube.schema;

/**
 * One thing that is wrong with an object, in the words of a Kubernetes API server. Immutable.
 *
 * @param field the path from the object's root, {@code spec.rules[0].to}; {@link #NO_FIELD} where a server names none
 * @param message what stands after the path: {@code Unsupported value: "X": supported values: "ALLOW", "DENY"}
 */
public record FieldError(Reason reason, String field, String message) {
    /** What a server prints for a missing path. */
    public static final String NO_FIELD = "<nil>";

    /** What {@code status.details.causes[].reason} says. */
    public enum Reason {
        REQUIRED("FieldValueRequired"),
        DUPLICATE("FieldValueDuplicate"),
        INVALID("FieldValueInvalid"),
        TYPE_INVALID("FieldValueTypeInvalid"),
        NOT_SUPPORTED("FieldValueNotSupported"),
        FORBIDDEN("FieldValueForbidden"),
        TOO_LONG("FieldValueTooLong"),
        TOO_MANY("FieldValueTooMany");

        private final String cause;

        Reason(String cause) {
            this.cause = cause;
        }

        /** The name on the wire. */
        public String cause() {
            return cause;
        }
    }

    /** Path and message as one sentence. */
    public String text() {
        return field + ": " + message;
    }
}
