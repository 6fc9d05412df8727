package dev.gossamer.kube.server.resource;

import dev.gossamer.kube.schema.CompiledSchema;
import dev.gossamer.kube.schema.kinds.ResourceKind;
import dev.gossamer.kube.server.failure.Subject;
import dev.gossamer.kube.server.storage.Key;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A kind in one version, as it is served. Immutable.
 *
 * @param compiled the schema; made when first asked for, as most kinds are never used
 * @param custom what a definition says beyond the kind; absent for built-in kinds
 */
public record Resource(
        ResourceKind kind,
        Supplier<CompiledSchema> compiled,
        @Nullable Custom custom) {
    /**
     * What only kinds of a custom resource definition have. Immutable.
     *
     * @param schema as written in the definition
     * @param warning for versions that are deprecated; else empty
     */
    public record Custom(String definition, ObjectNode schema, List<Column> columns, String warning) {
        public Custom {
            columns = List.copyOf(columns);
        }
    }

    public CompiledSchema schema() {
        return compiled.get();
    }

    public String group() {
        return kind.group();
    }

    public String version() {
        return kind.version();
    }

    public String plural() {
        return kind.names().plural();
    }

    public String kindName() {
        return kind.names().kind();
    }

    public boolean namespaced() {
        return kind.namespaced();
    }

    public boolean hasStatus() {
        return kind.subresources().status();
    }

    public boolean is(String group, String plural) {
        return kind.group().equals(group) && plural().equals(plural);
    }

    /** The name under which the objects of all versions are stored: {@code apps/deployments}. */
    public String storage() {
        return storage(kind.group(), plural());
    }

    public static String storage(String group, String plural) {
        return group + "/" + plural;
    }

    public Key key(String namespace, String name) {
        return new Key(storage(), namespaced() ? namespace : "", name);
    }

    public Subject subject(String name) {
        return new Subject(group(), plural(), kindName(), name);
    }
}
