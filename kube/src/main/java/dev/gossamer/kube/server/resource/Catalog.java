package dev.gossamer.kube.server.resource;

import dev.gossamer.kube.schema.kinds.BuiltInKinds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is served at this moment.
 *
 * <p>Thread-safe: readers see an immutable view, replaced whole whenever a definition comes, changes or goes.
 */
public final class Catalog {
    /** Immutable. */
    private record Address(String group, String version, String plural) {}

    /** Immutable. */
    private record View(List<Resource> all, Map<Address, Resource> byAddress) {
        static View of(List<Resource> all) {
            var byAddress = new LinkedHashMap<Address, Resource>();
            all.forEach(resource ->
                    byAddress.put(new Address(resource.group(), resource.version(), resource.plural()), resource));
            return new View(List.copyOf(all), Map.copyOf(byAddress));
        }
    }

    private final List<Resource> builtIn;
    private final Map<String, List<Resource>> custom = new TreeMap<>();
    private volatile View view;

    public Catalog() {
        this.builtIn = BuiltInKinds.all().stream()
                .map(kind -> new Resource(kind, () -> BuiltInKinds.schema(kind), null))
                .toList();
        this.view = View.of(builtIn);
    }

    /** In the order of discovery: built-in kinds first, then definitions by name. */
    public List<Resource> all() {
        return view.all();
    }

    public @Nullable Resource find(String group, String version, String plural) {
        return view.byAddress().get(new Address(group, version, plural));
    }

    /** Any served version of a resource. */
    public @Nullable Resource find(String group, String plural) {
        for (var resource : view.all()) {
            if (resource.is(group, plural)) {
                return resource;
            }
        }
        return null;
    }

    public @Nullable Resource findByStorage(String storage) {
        int slash = storage.indexOf('/');
        return find(storage.substring(0, slash), storage.substring(slash + 1));
    }

    /** By the {@code apiVersion} and {@code kind} of an object or a reference. */
    public @Nullable Resource findKind(String apiVersion, String kind) {
        for (var resource : view.all()) {
            if (resource.kind().apiVersion().equals(apiVersion)
                    && resource.kindName().equals(kind)) {
                return resource;
            }
        }
        return null;
    }

    /** Serves {@code resources} for the definition {@code name}, in place of what it defined before. None: ends it. */
    public synchronized void define(String name, List<Resource> resources) {
        if (resources.isEmpty()) {
            custom.remove(name);
        } else {
            custom.put(name, List.copyOf(resources));
        }
        var all = new ArrayList<>(builtIn);
        custom.values().forEach(all::addAll);
        view = View.of(all);
    }

    public List<Resource> of(String group, String version) {
        return view.all().stream()
                .filter(resource ->
                        resource.group().equals(group) && resource.version().equals(version))
                .toList();
    }
}
