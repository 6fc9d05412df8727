package dev.gossamer.control.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.gossamer.control.observed.Change;
import dev.gossamer.control.source.ObjectReader;
import dev.gossamer.control.translate.MeshOptions;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;

/**
 * Kubernetes objects in, mesh out: each case under resources/cases gives the objects and what must come of them. All
 * resources and policies must be named; of a resource only the fields that a case is about.
 */
final class CaseFilesTest {
    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    @TestFactory
    Stream<DynamicContainer> cases() throws IOException {
        var directory = Path.of("src/test/resources/cases");
        try (var files = Files.list(directory)) {
            var containers = files.sorted().map(CaseFilesTest::file).toList();
            assertThat(containers).hasSizeGreaterThanOrEqualTo(7);
            return containers.stream();
        }
    }

    private static DynamicContainer file(Path file) {
        try {
            var content = YAML.unmarshal(Files.readString(file), Map.class);
            var common = list(content.get("objects"));
            return dynamicContainer(
                    file.getFileName().toString(),
                    list(content.get("cases")).stream()
                            .map(item -> dynamicTest(
                                    String.valueOf(map(item).get("name")), () -> check(common, map(item)))));
        } catch (IOException e) {
            throw new AssertionError(file.toString(), e);
        }
    }

    private static void check(List<?> common, Map<?, ?> test) {
        var features = map(test.get("features"));
        var options = new MeshOptions(
                "Kubernetes",
                "cluster.local",
                "cluster.local",
                "istio-system",
                "",
                new MeshOptions.Features(
                        Boolean.TRUE.equals(features.get("dryRunPolicies")),
                        !Boolean.FALSE.equals(features.get("entriesSelectPods")),
                        !Boolean.FALSE.equals(features.get("servicesSelectEntries"))));
        var builder = new MeshBuilder(options, "istio-system", "default");
        var changes = new ArrayList<Change>();
        Stream.concat(common.stream(), list(test.get("objects")).stream())
                .map(CaseFilesTest::object)
                .forEach(object -> changes.add(new Change.Upsert(ObjectReader.read(object))));
        builder.apply(changes);

        var expected = new TreeMap<String, Map<String, String>>();
        map(test.get("expect")).forEach((name, fields) -> {
            var texts = new TreeMap<String, String>();
            map(fields).forEach((field, value) -> texts.put(field.toString(), String.valueOf(value)));
            expected.put(name.toString(), texts);
        });
        var actual = new TreeMap<String, Map<String, String>>();
        builder.addresses().forEach((name, resource) -> {
            var all = MeshText.fields(resource);
            all.keySet().retainAll(expected.getOrDefault(name, all).keySet());
            actual.put(name, all);
        });
        assertThat(actual).isEqualTo(expected);

        var policies = new TreeMap<String, String>();
        builder.policies().forEach((key, policy) -> policies.put(key, MeshText.policy(policy)));
        var expectedPolicies = new TreeMap<String, String>();
        map(test.get("policies")).forEach((key, text) -> expectedPolicies.put(key.toString(), text.toString()));
        assertThat(policies).isEqualTo(expectedPolicies);
    }

    private static HasMetadata object(Object item) {
        var kind = String.valueOf(map(item).get("kind"));
        var type =
                switch (kind) {
                    case "Pod" -> Pod.class;
                    case "Node" -> Node.class;
                    case "Namespace" -> Namespace.class;
                    case "Service" -> Service.class;
                    case "EndpointSlice" -> EndpointSlice.class;
                    case "ConfigMap" -> ConfigMap.class;
                    default -> GenericKubernetesResource.class;
                };
        return YAML.convertValue(item, type);
    }

    private static List<?> list(Object value) {
        return value == null ? List.of() : (List<?>) value;
    }

    private static Map<?, ?> map(Object value) {
        return value == null ? Map.of() : (Map<?, ?>) value;
    }
}
