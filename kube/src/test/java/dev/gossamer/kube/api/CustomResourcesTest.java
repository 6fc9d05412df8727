package dev.gossamer.kube.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.kube.schema.CompiledSchema;
import dev.gossamer.kube.schema.FieldError;
import dev.gossamer.kube.schema.InvalidSchemaException;
import dev.gossamer.kube.schema.kinds.BuiltInKinds;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

class CustomResourcesTest {
    @Test
    void everyDefinitionIsItselfValid() {
        var kind = BuiltInKinds.find("apiextensions.k8s.io", "v1", "CustomResourceDefinition");
        var schema = BuiltInKinds.schema(kind);
        for (var definition : all()) {
            assertThat(schema.prune(definition)).isEmpty();
            schema.applyDefaults(definition);
            assertThat(schema.validate(definition, null)).isEmpty();
            assertThat(definition.at("/metadata/name").asString())
                    .isEqualTo(definition.at("/spec/names/plural").asString() + "."
                            + definition.at("/spec/group").asString());
            assertThat(definition
                            .at("/spec/versions")
                            .valueStream()
                            .filter(version -> version.path("storage").asBoolean()))
                    .hasSize(1);
        }
    }

    @Test
    void everySchemaIsStructuralAndEveryRuleAnExpression() throws InvalidSchemaException {
        for (var definition : all()) {
            var schema = (ObjectNode) definition.at("/spec/versions/0/schema/openAPIV3Schema");
            assertThat(CompiledSchema.compile(schema).checkRules())
                    .as(definition.at("/metadata/name").asString())
                    .isEmpty();
        }
    }

    @Test
    void eachCallGivesDocumentsOfItsOwn() {
        CustomResources.istio().getFirst().removeAll();
        assertThat(CustomResources.istio().getFirst().at("/spec/names/kind").asString())
                .isEqualTo("AuthorizationPolicy");
    }

    /** Each document of the file: an object, and in an annotation-like field of its own what a server says of it. */
    @TestFactory
    Stream<DynamicTest> objectsAreJudgedAsAServerJudgesThem() {
        var cases = new ArrayList<ObjectNode>();
        InputStream file = CustomResourcesTest.class.getResourceAsStream("objects.yaml");
        YAMLMapper.shared()
                .readerFor(ObjectNode.class)
                .<ObjectNode>readValues(file)
                .forEachRemaining(cases::add);
        Map<String, CompiledSchema> schemas = new HashMap<>();
        return cases.stream().map(one -> {
            String name = one.get("case").asString();
            var object = (ObjectNode) one.get("object");
            return DynamicTest.dynamicTest(name, () -> {
                var schema = schemas.computeIfAbsent(
                        object.get("apiVersion").asString() + object.get("kind").asString(), _ -> schemaOf(object));
                var unknown = schema.prune(object);
                schema.applyDefaults(object);
                var texts = schema.validate(object, null).stream()
                        .map(FieldError::text)
                        .toList();
                assertThat(unknown).isEqualTo(texts(one.path("unknown")));
                assertThat(texts).isEqualTo(texts(one.path("errors")));
                one.path("defaults")
                        .properties()
                        .forEach(expected ->
                                assertThat(object.at(expected.getKey())).isEqualTo(expected.getValue()));
            });
        });
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }

    private static CompiledSchema schemaOf(JsonNode object) {
        for (var definition : all()) {
            for (var version : definition.at("/spec/versions")) {
                String apiVersion = definition.at("/spec/group").asString() + "/"
                        + version.path("name").asString();
                if (definition.at("/spec/names/kind").equals(object.get("kind"))
                        && apiVersion.equals(object.get("apiVersion").asString())) {
                    try {
                        return CompiledSchema.compile((ObjectNode) version.at("/schema/openAPIV3Schema"));
                    } catch (InvalidSchemaException e) {
                        throw new AssertionError(e);
                    }
                }
            }
        }
        throw new AssertionError("no definition of " + object);
    }

    private static List<ObjectNode> all() {
        return Stream.concat(CustomResources.istio().stream(), CustomResources.gatewayApi().stream())
                .toList();
    }
}
