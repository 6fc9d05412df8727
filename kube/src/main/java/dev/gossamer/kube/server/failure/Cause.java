package dev.gossamer.kube.server.failure;

/**
 * One thing that is wrong with an object.
 *
 * <p>Immutable.
 *
 * @param reason as in {@code StatusCause.reason}: {@code FieldValueInvalid}, {@code FieldManagerConflict}…
 */
public record Cause(String reason, String field, String message) {}
