package dev.gossamer.kube.watch;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which objects of a kind to watch.
 *
 * <p>Immutable.
 *
 * @param namespace all namespaces if null
 * @param fields field selector, such as {@code spec.nodeName}
 * @param labels label selector
 */
public record Source(Kind<?> kind, @Nullable String namespace, Map<String, String> fields, Map<String, String> labels) {
    public Source {
        fields = Map.copyOf(fields);
        labels = Map.copyOf(labels);
    }

    /** Every object of the kind. */
    public static Source all(Kind<?> kind) {
        return new Source(kind, null, Map.of(), Map.of());
    }

    public Source inNamespace(String name) {
        return new Source(kind, name, fields, labels);
    }

    public Source withField(String path, String value) {
        return new Source(kind, namespace, with(fields, path, value), labels);
    }

    public Source withLabel(String key, String value) {
        return new Source(kind, namespace, fields, with(labels, key, value));
    }

    private static Map<String, String> with(Map<String, String> map, String key, String value) {
        var extended = new LinkedHashMap<>(map);
        extended.put(key, value);
        return extended;
    }
}
