package dev.gossamer.kube.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.kube.api.CustomResources;
import dev.gossamer.kube.schema.kinds.BuiltInKinds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Whatever is sent: nothing is thrown, work ends, and doing things twice changes nothing. */
class SchemaPropertiesTest {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<CompiledSchema> SCHEMAS = schemas();
    private static final List<ObjectNode> TEXTS = CustomResources.gatewayApi();

    @Property(tries = 400, seed = "1")
    void defaultsAndPruningAreIdempotentAndNothingIsThrown(@ForAll long seed) {
        var random = new Random(seed);
        var schema = SCHEMAS.get(random.nextInt(SCHEMAS.size()));
        var object = nearly(schema.merging(), random);

        schema.prune(object);
        var pruned = object.deepCopy();
        assertThat(schema.prune(object)).isEmpty();
        assertThat(object).isEqualTo(pruned);

        schema.applyDefaults(object);
        var defaulted = object.deepCopy();
        schema.applyDefaults(object);
        assertThat(object).isEqualTo(defaulted);
        // Defaults are of the schema's own making: nothing of them is unknown to it.
        assertThat(schema.prune(object)).isEmpty();

        assertThat(schema.validate(object, null).size()).isLessThanOrEqualTo(100);
        assertThat(schema.validate(object, object)).noneMatch(error -> error.reason() != FieldError.Reason.INVALID);
    }

    @Property(tries = 400, seed = "2")
    void schemasAreReadOrRefusedWhateverTheyAre(@ForAll long seed) {
        var random = new Random(seed);
        var definition = TEXTS.get(random.nextInt(TEXTS.size()));
        var schema = (ObjectNode)
                definition.at("/spec/versions/0/schema/openAPIV3Schema").deepCopy();
        for (int i = random.nextInt(4); i >= 0; i--) {
            damage(schema, random);
        }
        try {
            var compiled = CompiledSchema.compile(schema);
            var object = nearly(compiled.merging(), random);
            compiled.prune(object);
            compiled.applyDefaults(object);
            assertThat(compiled.validate(object, null).size()).isLessThanOrEqualTo(100);
        } catch (InvalidSchemaException e) {
            assertThat(e.problems()).isNotEmpty();
        }
    }

    /** Puts something random into a random place. */
    private static void damage(ObjectNode schema, Random random) {
        List<ObjectNode> places = new ArrayList<>();
        collect(schema, places);
        var place = places.get(random.nextInt(places.size()));
        var names = List.copyOf(place.propertyNames());
        if (names.isEmpty()) {
            place.set("type", anything(random, 1));
        } else {
            place.set(names.get(random.nextInt(names.size())), anything(random, 2));
        }
    }

    private static void collect(JsonNode node, List<ObjectNode> into) {
        if (node instanceof ObjectNode object) {
            into.add(object);
        }
        node.forEach(child -> collect(child, into));
    }

    private static ObjectNode nearly(MergeNode node, Random random) {
        var object = JSON.objectNode();
        fill(object, node, random, 0);
        return object;
    }

    /** An object that has the schema's fields, so that it gets beyond the first check, with values that may be anything. */
    private static void fill(ObjectNode object, MergeNode node, Random random, int depth) {
        for (String name : NAMES) {
            var field = node.field(name);
            if (field == null ? random.nextInt(60) == 0 : random.nextInt(2) == 0) {
                object.set(name, value(field, random, depth + 1));
            }
        }
    }

    private static JsonNode value(MergeNode node, Random random, int depth) {
        if (node == null || depth > 8 || random.nextInt(8) == 0) {
            return anything(random, 2);
        }
        if (node.element() != null) {
            var array = JSON.arrayNode();
            for (int i = random.nextInt(4); i > 0; i--) {
                array.add(value(node.element(), random, depth + 1));
            }
            return array;
        }
        var object = JSON.objectNode();
        fill(object, node, random, depth);
        return object.isEmpty() ? anything(random, 1) : object;
    }

    private static JsonNode anything(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 7)) {
            case 0 -> JSON.nullNode();
            case 1 -> JSON.booleanNode(random.nextBoolean());
            case 2 -> JSON.numberNode(random.nextLong());
            case 3 -> JSON.numberNode(random.nextDouble() * 100);
            case 4 -> JSON.numberNode(random.nextInt(100));
            case 5 -> JSON.stringNode(WORDS[random.nextInt(WORDS.length)]);
            case 6 -> JSON.stringNode(Character.toString(random.nextInt(0xd800)));
            case 7 -> {
                var array = JSON.arrayNode();
                for (int i = random.nextInt(3); i > 0; i--) {
                    array.add(anything(random, depth - 1));
                }
                yield array;
            }
            default -> JSON.objectNode().set(WORDS[random.nextInt(WORDS.length)], anything(random, depth - 1));
        };
    }

    private static final String[] WORDS = {
        "",
        "a",
        "80",
        "1s",
        "0s",
        "Exact",
        "PathPrefix",
        "/",
        "*",
        "*.example.org",
        "Service",
        "object",
        "string",
        "STATIC",
        "10.0.0.1",
        "2024-01-01T00:00:00Z",
        "(",
        "self.all(",
        "name",
        "true"
    };

    private static final String[] NAMES = {
        "apiVersion",
        "kind",
        "metadata",
        "spec",
        "status",
        "labels",
        "annotations",
        "ownerReferences",
        "finalizers",
        "name",
        "namespace",
        "rules",
        "from",
        "to",
        "when",
        "source",
        "operation",
        "ports",
        "selector",
        "matchLabels",
        "action",
        "mtls",
        "mode",
        "portLevelMtls",
        "hosts",
        "addresses",
        "endpoints",
        "address",
        "resolution",
        "number",
        "protocol",
        "listeners",
        "port",
        "tls",
        "allowedRoutes",
        "namespaces",
        "gatewayClassName",
        "parentRefs",
        "backendRefs",
        "matches",
        "path",
        "type",
        "value",
        "filters",
        "requestRedirect",
        "urlRewrite",
        "timeouts",
        "request",
        "weight",
        "headers",
        "hostnames",
        "group",
        "containers",
        "image",
        "env",
        "resources",
        "limits",
        "template",
        "replicas",
        "strategy",
        "conditions",
        "targetRefs",
        "http",
        "match",
        "uri",
        "exact",
        "prefix",
        "route",
        "destination",
        "host",
        "subset",
        "sectionName",
        "certificateRefs"
    };

    private static List<CompiledSchema> schemas() {
        var schemas = new ArrayList<CompiledSchema>();
        try {
            for (var family : List.of(CustomResources.istio(), CustomResources.gatewayApi())) {
                for (var definition : family) {
                    schemas.add(CompiledSchema.compile(
                            (ObjectNode) definition.at("/spec/versions/0/schema/openAPIV3Schema")));
                }
            }
        } catch (InvalidSchemaException e) {
            throw new AssertionError(e);
        }
        for (String kind : List.of("Pod", "Service", "Namespace")) {
            schemas.add(BuiltInKinds.schema(BuiltInKinds.find("", "v1", kind)));
        }
        schemas.add(BuiltInKinds.schema(BuiltInKinds.find("apps", "v1", "Deployment")));
        return schemas;
    }
}
