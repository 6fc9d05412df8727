package dev.gossamer.kube.server.json;

import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What was read, and the paths of fields that stood twice (the last one counts).
 *
 * <p>The tree belongs to the caller.
 */
public record Parsed(JsonNode root, List<String> duplicates) {}
