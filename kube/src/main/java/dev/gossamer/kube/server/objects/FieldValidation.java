package dev.gossamer.kube.server.objects;

/** What to do about fields that the schema does not know: query parameter {@code fieldValidation}. */
public enum FieldValidation {
    IGNORE,
    WARN,
    STRICT
}
