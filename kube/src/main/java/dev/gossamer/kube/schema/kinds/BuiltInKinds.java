package dev.gossamer.kube.schema.kinds;

import dev.gossamer.kube.schema.CompiledSchema;
import dev.gossamer.kube.schema.InvalidSchemaException;
import io.fabric8.kubernetes.api.model.ListMeta;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The kinds that are served without any definition being applied. Thread-safe: schemas are made when first asked for. */
public final class BuiltInKinds {
    private static final String MODEL = "io.fabric8.kubernetes.api.model.";

    /** The models' package of each group. */
    private static final Map<String, String> PACKAGES = Map.ofEntries(
            Map.entry("v1", ""),
            Map.entry("apps/v1", "apps."),
            Map.entry("batch/v1", "batch.v1."),
            Map.entry("autoscaling/v2", "autoscaling.v2."),
            Map.entry("policy/v1", "policy.v1."),
            Map.entry("networking.k8s.io/v1", "networking.v1."),
            Map.entry("discovery.k8s.io/v1", "discovery.v1."),
            Map.entry("events.k8s.io/v1", "events.v1."),
            Map.entry("coordination.k8s.io/v1", "coordination.v1."),
            Map.entry("rbac.authorization.k8s.io/v1", "rbac."),
            Map.entry("scheduling.k8s.io/v1", "scheduling.v1."),
            Map.entry("storage.k8s.io/v1", "storage."),
            Map.entry("apiextensions.k8s.io/v1", "apiextensions.v1."),
            Map.entry("admissionregistration.k8s.io/v1", "admissionregistration.v1."),
            Map.entry("authentication.k8s.io/v1", "authentication."),
            Map.entry("authorization.k8s.io/v1", "authorization.v1."));

    private static final List<ResourceKind> ALL = KindTable.read();
    private static final Map<ResourceKind, CompiledSchema> COMPILED = new HashMap<>();

    private BuiltInKinds() {}

    /** Loaded with the first schema: the table alone is needed much earlier. Guarded by {@link #COMPILED}. */
    private static final class Models {
        static final ModelSchemas ALL = new ModelSchemas(ModelFacts.load());
    }

    /** All of them, in the order of discovery. */
    public static List<ResourceKind> all() {
        return ALL;
    }

    public static @Nullable ResourceKind find(String group, String version, String kind) {
        for (var candidate : ALL) {
            if (candidate.group().equals(group)
                    && candidate.version().equals(version)
                    && candidate.names().kind().equals(kind)) {
                return candidate;
            }
        }
        return null;
    }

    /** The schema of a kind from {@link #all}. */
    public static CompiledSchema schema(ResourceKind kind) {
        synchronized (COMPILED) {
            return COMPILED.computeIfAbsent(kind, BuiltInKinds::compile);
        }
    }

    private static CompiledSchema compile(ResourceKind kind) {
        try {
            return CompiledSchema.compile(Models.ALL.expanded(model(kind))).completedBy(DependentDefaults.of(kind));
        } catch (InvalidSchemaException e) {
            throw new IllegalStateException(
                    "the built-in schema of " + kind.names().kind() + " is broken", e);
        }
    }

    /** Puts the components that describe a kind into {@code schemas} and returns its own name among them. */
    static String describe(ResourceKind kind, ObjectNode schemas) {
        synchronized (COMPILED) {
            var model = model(kind);
            String name = ComponentNames.of(model);
            var component = Models.ALL.component(model).deepCopy();
            schemas.set(name, component);
            Models.ALL.collect(component, schemas);
            return name;
        }
    }

    /** Puts what every object and every list has into {@code schemas}. */
    static void describeMetadata(ObjectNode schemas) {
        synchronized (COMPILED) {
            for (Class<?> model : List.of(ObjectMeta.class, ListMeta.class)) {
                var component = Models.ALL.component(model).deepCopy();
                schemas.set(ComponentNames.of(model), component);
                Models.ALL.collect(component, schemas);
            }
        }
    }

    private static Class<?> model(ResourceKind kind) {
        String name = MODEL + PACKAGES.get(kind.apiVersion()) + kind.names().kind();
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("a kind of the table has no model class: " + name, e);
        }
    }
}
