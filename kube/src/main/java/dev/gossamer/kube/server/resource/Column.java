package dev.gossamer.kube.server.resource;

/**
 * A printer column of a custom resource definition.
 *
 * <p>Immutable.
 *
 * @param type {@code string}, {@code integer}, {@code number}, {@code boolean} or {@code date}
 * @param priority 0 shows always, more only with {@code -o wide}
 */
public record Column(String name, String type, String format, String description, int priority, String jsonPath) {}
