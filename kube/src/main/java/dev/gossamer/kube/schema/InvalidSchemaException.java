package dev.gossamer.kube.schema;

import java.util.List;

/** A schema cannot be used: whoever wrote the custom resource definition has to change it. */
public final class InvalidSchemaException extends Exception {
    private final transient List<FieldError> problems;

    InvalidSchemaException(List<FieldError> problems) {
        super(String.join(", ", problems.stream().map(FieldError::text).toList()));
        this.problems = List.copyOf(problems);
    }

    /** Each problem, with its path inside the schema. Never empty. */
    public List<FieldError> problems() {
        return problems;
    }
}
