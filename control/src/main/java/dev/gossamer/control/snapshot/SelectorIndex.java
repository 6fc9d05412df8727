package dev.gossamer.control.snapshot;

import dev.gossamer.control.observed.ObjectName;
import dev.gossamer.control.translate.MeshKeys;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds the objects of a namespace whose label selector picks given labels.
 *
 * <p>Each selector stands under one of its labels, so a search looks only at those that share a label with the
 * candidate. Confined to the builder's thread.
 */
final class SelectorIndex {
    /** One label of a selector; {@link #ANY} for those that have none. */
    private record Anchor(String namespace, String key, String value) {}

    private static final String ANY = "";

    private final Map<Anchor, Map<ObjectName, Map<String, String>>> selectors = new HashMap<>();

    void add(ObjectName name, Map<String, String> selector) {
        selectors.computeIfAbsent(anchor(name, selector), _ -> new HashMap<>()).put(name, selector);
    }

    void remove(ObjectName name, Map<String, String> selector) {
        var anchor = anchor(name, selector);
        var sharing = selectors.get(anchor);
        if (sharing != null) {
            sharing.remove(name);
            if (sharing.isEmpty()) {
                selectors.remove(anchor);
            }
        }
    }

    /** In the order of their names. */
    List<ObjectName> selecting(String namespace, Map<String, String> labels) {
        var found = new ArrayList<ObjectName>();
        collect(new Anchor(namespace, ANY, ANY), labels, found);
        labels.forEach((key, value) -> collect(new Anchor(namespace, key, value), labels, found));
        Collections.sort(found);
        return found;
    }

    private void collect(Anchor anchor, Map<String, String> labels, List<ObjectName> found) {
        selectors.getOrDefault(anchor, Map.of()).forEach((name, selector) -> {
            if (MeshKeys.selects(selector, labels)) {
                found.add(name);
            }
        });
    }

    private static Anchor anchor(ObjectName name, Map<String, String> selector) {
        if (selector.isEmpty()) {
            return new Anchor(name.namespace(), ANY, ANY);
        }
        var first = new TreeMap<>(selector).firstEntry();
        return new Anchor(name.namespace(), first.getKey(), first.getValue());
    }
}
