package dev.gossamer.kube.install;

import dev.gossamer.kube.api.CustomResources;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The objects that make a mesh, by component, in the order to apply them.
 *
 * <p>Immutable.
 */
public record Manifests(Values values, List<Part> parts) {
    /** Every object of ours carries it, so that uninstalling finds them all. */
    static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    static final String MANAGER = "gossamer-installer";
    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

    /** One component. {@code title} is for people. */
    public record Part(String title, List<HasMetadata> objects) {}

    /** Fills the templates. */
    public static Manifests render(Values values) {
        var parts = new ArrayList<Part>();
        for (var component : values.profile().components()) {
            var objects = new ArrayList<HasMetadata>();
            if (component == Profile.Component.BASE) {
                objects.addAll(customResources());
            }
            if (component == Profile.Component.PILOT) {
                objects.add(meshConfig(values));
            }
            load(values.fill(template(component.template))).forEach(objects::add);
            parts.add(new Part(
                    component.title,
                    objects.stream()
                            .map(object -> adjust(object, component, values))
                            .map(Manifests::labelled)
                            .toList()));
        }
        return new Manifests(values, List.copyOf(parts));
    }

    public Stream<HasMetadata> objects() {
        return parts.stream().flatMap(part -> part.objects().stream());
    }

    /** All objects as one YAML text, documents separated as kubectl wants them. */
    public String toYaml() {
        var text = new StringBuilder();
        objects().forEach(object -> {
            var yaml = SERIALIZATION.asYaml(object);
            text.append(yaml.startsWith("---") ? "" : "---\n").append(yaml);
            if (!yaml.endsWith("\n")) {
                text.append('\n');
            }
        });
        return text.toString();
    }

    private static List<HasMetadata> customResources() {
        return Stream.concat(CustomResources.istio().stream(), CustomResources.gatewayApi().stream())
                .<HasMetadata>map(
                        document -> SERIALIZATION.unmarshal(document.toString(), CustomResourceDefinition.class))
                .toList();
    }

    private static List<HasMetadata> load(String yaml) {
        return Stream.of(yaml.split("(?m)^---$"))
                .filter(document -> !document.isBlank())
                .<HasMetadata>map(SERIALIZATION::unmarshal)
                .toList();
    }

    private static String template(String name) {
        try (var stream = Manifests.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("template " + name + " is missing from the program");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ConfigMap meshConfig(Values values) {
        var tree = new TreeMap<String, Object>();
        tree.put("rootNamespace", values.namespace());
        tree.put("trustDomain", "cluster.local");
        tree.put("enablePrometheusMerge", true);
        tree.put(
                "defaultConfig",
                new TreeMap<>(Map.of(
                        "discoveryAddress",
                        "istiod." + values.namespace() + ".svc:15012",
                        "proxyMetadata",
                        new TreeMap<>(Map.of("ISTIO_META_ENABLE_HBONE", "true")))));
        merge(tree, values.meshConfig());
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(values.namespace())
                .withName("istio")
                .addToLabels("app", "istiod")
                .endMetadata()
                .addToData("mesh", SERIALIZATION.asYaml(tree).replaceFirst("^---\\s*\n", ""))
                .addToData("meshNetworks", "networks: {}")
                .build();
    }

    @SuppressWarnings("unchecked") // Both trees have text keys throughout.
    private static void merge(Map<String, Object> into, Map<String, Object> changes) {
        changes.forEach((key, value) -> {
            if (value instanceof Map<?, ?> below && into.get(key) instanceof Map<?, ?> present) {
                merge((Map<String, Object>) present, (Map<String, Object>) below);
            } else {
                into.put(key, value);
            }
        });
    }

    private static HasMetadata adjust(HasMetadata object, Profile.Component component, Values values) {
        return switch (object) {
            case Deployment deployment ->
                deployment
                        .edit()
                        .editSpec()
                        .withTemplate(adjust(deployment.getSpec().getTemplate(), component, values))
                        .endSpec()
                        .build();
            case DaemonSet set ->
                set.edit()
                        .editSpec()
                        .withTemplate(adjust(set.getSpec().getTemplate(), component, values))
                        .endSpec()
                        .build();
            default -> object;
        };
    }

    private static PodTemplateSpec adjust(PodTemplateSpec template, Profile.Component component, Values values) {
        var key = component.key();
        var environment = new TreeMap<String, String>();
        if (values.setting("global.logAsJson").equals("true")) {
            environment.put("LOG_FORMAT", "json");
        }
        environment.putAll(values.open(key + ".env"));
        var adjusted = new PodTemplateSpecBuilder(template)
                .editMetadata()
                .addToAnnotations(values.open(key + ".podAnnotations"))
                .addToLabels(values.open(key + ".podLabels"))
                .endMetadata();
        environment.forEach((name, value) -> adjusted.editSpec()
                .editFirstContainer()
                .removeMatchingFromEnv(variable -> name.equals(variable.getName()))
                .addToEnv(new EnvVarBuilder().withName(name).withValue(value).build())
                .endContainer()
                .endSpec());
        return adjusted.build();
    }

    private static HasMetadata labelled(HasMetadata object) {
        var metadata = object.getMetadata();
        var labels = new TreeMap<String, String>();
        if (metadata.getLabels() != null) {
            labels.putAll(metadata.getLabels());
        }
        labels.put(MANAGED_BY, MANAGER);
        metadata.setLabels(labels);
        return object;
    }
}
