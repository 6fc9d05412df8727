package dev.gossamer.kube.schema;

import java.util.List;
import java.util.regex.Pattern;

/** Reads the {@code fieldPath} of rules. Stateless. */
final class FieldPaths {
    private static final Pattern STEP = Pattern.compile("\\.([A-Za-z0-9_$-]+)|\\['([^']+)'\\]");

    private FieldPaths() {}

    static boolean isValid(String fieldPath) {
        return fieldPath.length() <= 1_000
                && STEP.matcher(fieldPath).replaceAll("").isEmpty()
                && !fieldPath.isEmpty();
    }

    static List<String> names(String fieldPath) {
        return STEP.matcher(fieldPath)
                .results()
                .map(step -> step.group(1) != null ? step.group(1) : step.group(2))
                .toList();
    }
}
