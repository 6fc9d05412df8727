package dev.gossamer.kube.schema.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.kube.schema.CompiledSchema;
import dev.gossamer.kube.schema.FieldError;
import dev.gossamer.kube.schema.MergeNode;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

class BuiltInKindsTest {
    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, labels: {app: web}, creationTimestamp: null}
            spec:
              containers:
              - name: web
                image: nginx
                ports: [{containerPort: 80}]
                resources: {limits: {cpu: 0.5, memory: 64Mi}}
                readinessProbe: {httpGet: {port: http}}
            """;

    @Test
    void everyKindOfTheTableHasASchema() {
        for (var kind : BuiltInKinds.all()) {
            assertThat(BuiltInKinds.schema(kind).merging().field("metadata"))
                    .as(kind.toString())
                    .isNotNull();
        }
    }

    @Test
    void eachNameIsThereOnce() {
        assertThat(BuiltInKinds.all().stream()
                        .map(kind -> kind.group() + kind.names().plural()))
                .doesNotHaveDuplicates();
        assertThat(BuiltInKinds.all().stream()
                        .map(kind -> kind.group() + kind.names().kind()))
                .doesNotHaveDuplicates();
    }

    /** A fact about a class or field that does not exist would silently have no effect. */
    @Test
    void everyFactIsAboutAFieldThatExists() {
        var documents = JsonNodeFactory.instance.objectNode();
        BuiltInKinds.all().forEach(kind -> BuiltInKinds.describe(kind, documents));
        Set<String> fields = new TreeSet<>();
        for (var component : documents.properties()) {
            String simple = component.getKey().substring(component.getKey().lastIndexOf('.') + 1);
            fields.add(simple);
            component.getValue().path("properties").propertyNames().forEach(field -> fields.add(simple + "." + field));
        }
        var facts = ModelFacts.load();
        for (String name : facts.classes()) {
            assertThat(fields).contains(name);
            for (String field : facts.of(name).propertyNames()) {
                if (!Set.of("about", "atomic").contains(field)) {
                    assertThat(fields).contains(name + "." + field);
                }
            }
        }
    }

    @Test
    void aPodGetsTheDefaultsOfAPod() {
        var pod = yaml(POD);
        var schema = schema("", "v1", "Pod");
        assertThat(schema.prune(pod)).isEmpty();
        schema.applyDefaults(pod);
        assertThat(schema.validate(pod, null)).isEmpty();
        assertThat(pod.at("/spec/restartPolicy").asString()).isEqualTo("Always");
        assertThat(pod.at("/spec/containers/0/ports/0/protocol").asString()).isEqualTo("TCP");
        assertThat(pod.at("/spec/containers/0/readinessProbe/periodSeconds").asInt())
                .isEqualTo(10);
    }

    @Test
    void aDeploymentGetsItsStrategyAndItsTemplateTheDefaultsOfAPod() {
        var deployment = yaml("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web}
                spec:
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}, creationTimestamp: null}
                    spec: {containers: [{name: web, image: nginx}]}
                """);
        var schema = schema("apps", "v1", "Deployment");
        assertThat(schema.prune(deployment)).isEmpty();
        schema.applyDefaults(deployment);
        assertThat(schema.validate(deployment, null)).isEmpty();
        assertThat(deployment.at("/spec/replicas").asInt()).isEqualTo(1);
        assertThat(deployment.at("/spec/strategy/rollingUpdate/maxSurge").asString())
                .isEqualTo("25%");
        assertThat(deployment.at("/spec/template/spec/dnsPolicy").asString()).isEqualTo("ClusterFirst");
    }

    /** An object, then what becomes of the named places of it. */
    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "dependent-defaults.psv", delimiter = '|', numLinesToSkip = 1, quoteCharacter = '\u0001')
    void fieldsFollowFromOtherFields(String object, String place, String expected) {
        var node = yaml(object);
        String[] apiVersion = ("/" + node.get("apiVersion").asString()).split("/");
        var kind = BuiltInKinds.find(
                apiVersion[apiVersion.length - 2],
                apiVersion[apiVersion.length - 1],
                node.get("kind").asString());
        BuiltInKinds.schema(kind).applyDefaults(node);
        assertThat(node.at(place))
                .isEqualTo(YAMLMapper.shared()
                        .readTree("[" + (expected == null ? "" : expected) + "]")
                        .path(0));
        var once = node.deepCopy();
        BuiltInKinds.schema(kind).applyDefaults(node);
        assertThat(node).isEqualTo(once);
    }

    /** As objects arrive from clients that send protobuf. */
    @Test
    void bytesAreText() {
        var secret = yaml("{apiVersion: v1, kind: Secret, metadata: {name: a}}");
        secret.putObject("data").put("key", new byte[] {1, 2, 3});
        assertThat(schema("", "v1", "Secret").validate(secret, null)).isEmpty();
    }

    @Test
    void mistakesAreNamedAsAServerNamesThem() {
        var pod = yaml("""
                apiVersion: v1
                kind: Pod
                metadata: {name: web, oops: 1}
                spec:
                  restartPolicy: Sometimes
                  containers:
                  - image: nginx
                    imagePullPolicy: IfNotPresent
                    ports: [{containerPort: "80"}, {containerPort: 70000}]
                    livenessProb: {}
                    resources: {limits: {memory: lots}}
                """);
        var schema = schema("", "v1", "Pod");
        assertThat(schema.prune(pod)).containsExactly("metadata.oops", "spec.containers[0].livenessProb");
        assertThat(schema.validate(pod, null).stream().map(FieldError::text))
                .containsExactlyInAnyOrder(
                        "spec.restartPolicy: Unsupported value: \"Sometimes\": supported values: \"Always\","
                                + " \"OnFailure\", \"Never\"",
                        "spec.containers[0].name: Required value",
                        "spec.containers[0].ports[0].containerPort: Invalid value: \"string\":"
                                + " spec.containers[0].ports[0].containerPort in body must be of type integer: \"string\"",
                        "spec.containers[0].ports[1].containerPort: Invalid value: 70000:"
                                + " spec.containers[0].ports[1].containerPort in body should be less than or equal to"
                                + " 65535",
                        "spec.containers[0].resources.limits.memory: Invalid value: \"lots\":"
                                + " spec.containers[0].resources.limits.memory in body should match '"
                                + ModelFacts.QUANTITY + "'");
    }

    @Test
    void listsAreMergedByTheKeysThatPeopleKnow() {
        var spec = schema("", "v1", "Pod").merging().field("spec");
        assertThat(spec.field("containers").patchMergeKey()).isEqualTo("name");
        assertThat(spec.field("containers").listKeys()).containsExactly("name");
        var container = spec.field("containers").element();
        assertThat(container.field("ports").patchMergeKey()).isEqualTo("containerPort");
        assertThat(container.field("ports").listKeys()).containsExactly("containerPort", "protocol");
        assertThat(container.field("ports").keyDefault("protocol")).isEqualTo("TCP");
        assertThat(container.field("volumeMounts").listKeys()).containsExactly("mountPath");
        assertThat(container.field("args").listType()).isEqualTo(MergeNode.ListType.ATOMIC);
        assertThat(spec.field("volumes").patchStrategies()).containsExactly("merge", "retainKeys");
        assertThat(spec.field("nodeSelector").mapType()).isEqualTo(MergeNode.MapType.ATOMIC);
        var metadata = schema("", "v1", "Pod").merging().field("metadata");
        assertThat(metadata.field("ownerReferences").listKeys()).containsExactly("uid");
        assertThat(metadata.field("finalizers").listType()).isEqualTo(MergeNode.ListType.SET);
        var deployment = schema("apps", "v1", "Deployment").merging().field("spec");
        assertThat(deployment.field("strategy").patchStrategies()).containsExactly("retainKeys");
        assertThat(deployment
                        .field("template")
                        .field("spec")
                        .field("containers")
                        .listKeys())
                .containsExactly("name");
    }

    @Test
    void aDefinitionMayCarryAnySchema() {
        var definition = yaml("""
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: things.example.org}
                spec:
                  group: example.org
                  scope: Namespaced
                  names: {kind: Thing, plural: things}
                  versions:
                  - name: v1
                    served: true
                    storage: true
                    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, x-kubernetes-validations: [{rule: "true"}]}}}}
                """);
        var schema = schema("apiextensions.k8s.io", "v1", "CustomResourceDefinition");
        assertThat(schema.prune(definition)).isEmpty();
        schema.applyDefaults(definition);
        assertThat(schema.validate(definition, null)).isEmpty();
        assertThat(definition.at("/spec/conversion/strategy").asString()).isEqualTo("None");
        assertThat(definition
                        .at("/spec/versions/0/schema/openAPIV3Schema/properties/spec/x-kubernetes-validations")
                        .isArray())
                .isTrue();
    }

    private static CompiledSchema schema(String group, String version, String kind) {
        return BuiltInKinds.schema(BuiltInKinds.find(group, version, kind));
    }

    private static ObjectNode yaml(String text) {
        return (ObjectNode) YAMLMapper.shared().readTree(text);
    }
}
