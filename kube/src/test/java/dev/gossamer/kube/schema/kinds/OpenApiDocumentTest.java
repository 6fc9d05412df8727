package dev.gossamer.kube.schema.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

class OpenApiDocumentTest {
    @Test
    void everyReferenceOfEveryGroupLeadsSomewhere() {
        for (String apiVersion : BuiltInKinds.all().stream()
                .map(ResourceKind::apiVersion)
                .distinct()
                .toList()) {
            var document = document(apiVersion);
            assertResolved(document, document);
        }
    }

    @Test
    void patchesOfBuiltInKindsMayBeStrategicAndAreValidatedOnRequest() {
        var patch = document("apps/v1")
                .path("paths")
                .path("/apis/apps/v1/namespaces/{namespace}/deployments/{name}")
                .path("patch");
        assertThat(patch.path("parameters")
                        .valueStream()
                        .map(parameter -> parameter.path("name").asString()))
                .contains("fieldValidation", "force");
        assertThat(patch.path("requestBody").path("content").has("application/strategic-merge-patch+json"))
                .isTrue();
        assertThat(patch.path("x-kubernetes-group-version-kind").path("kind").asString())
                .isEqualTo("Deployment");
    }

    @Test
    void aKindIsFoundByItsGroupVersionAndKind() {
        var schemas = document("v1").path("components").path("schemas");
        var pod = schemas.path("io.k8s.api.core.v1.Pod");
        assertThat(pod.path("x-kubernetes-group-version-kind").path(0).toString())
                .isEqualTo("{\"group\":\"\",\"kind\":\"Pod\",\"version\":\"v1\"}");
        assertThat(pod.path("properties").path("spec").path("description").asString())
                .isNotEmpty();
        assertThat(schemas.path("io.k8s.api.core.v1.PodSpec")
                        .path("properties")
                        .path("containers")
                        .path("x-kubernetes-patch-merge-key")
                        .asString())
                .isEqualTo("name");
    }

    @Test
    void customKindsStandUnderTheirReversedGroup() {
        var schema = (ObjectNode) YAMLMapper.shared().readTree("{type: object, properties: {spec: {type: object}}}");
        var kind = new ResourceKind(
                "example.org",
                "v1",
                new ResourceKind.Names("Thing", "ThingList", "things", "thing", List.of(), List.of()),
                true,
                List.of("create", "get", "list"),
                ResourceKind.Subresources.STATUS);
        var document = OpenApiDocument.of("example.org", "v1", List.of(new OpenApiDocument.Served(kind, schema)));
        assertResolved(document, document);
        var component = document.path("components").path("schemas").path("org.example.v1.Thing");
        assertThat(component.path("properties").propertyNames()).contains("spec", "apiVersion", "metadata");
        assertThat(schema.path("properties").propertyNames()).containsExactly("spec");
        var patch = document.path("paths")
                .path("/apis/example.org/v1/namespaces/{namespace}/things/{name}")
                .path("patch");
        assertThat(patch.path("requestBody").path("content").propertyNames())
                .contains("application/merge-patch+json")
                .doesNotContain("application/strategic-merge-patch+json");
    }

    private static ObjectNode document(String apiVersion) {
        var kinds = BuiltInKinds.all().stream()
                .filter(kind -> kind.apiVersion().equals(apiVersion))
                .map(kind -> new OpenApiDocument.Served(kind, null))
                .toList();
        return OpenApiDocument.of(
                kinds.getFirst().kind().group(), kinds.getFirst().kind().version(), kinds);
    }

    private static void assertResolved(JsonNode node, JsonNode document) {
        if (node.path("$ref").isString()) {
            assertThat(document.at(node.path("$ref").asString().substring(1)).isObject())
                    .as(node.path("$ref").asString())
                    .isTrue();
        }
        node.forEach(child -> assertResolved(child, document));
    }
}
