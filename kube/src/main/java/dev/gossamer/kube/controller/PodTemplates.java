package dev.gossamer.kube.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Pods as templates describe them, and short names for templates. */
final class PodTemplates {
    /** No vowels and no look-alikes, so that no word appears: the alphabet of Kubernetes' own names. */
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private PodTemplates() {}

    /** A pod of the template, owned by {@code owner}, in its namespace, with a name that the server makes up. */
    static PodBuilder podOf(PodTemplateSpec template, HasMetadata owner) {
        var metadata = template.getMetadata();
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace(owner.getMetadata().getNamespace())
                .withGenerateName(owner.getMetadata().getName() + "-")
                .withLabels(metadata == null ? Map.of() : metadata.getLabels())
                .withAnnotations(metadata == null ? Map.of() : metadata.getAnnotations())
                .withFinalizers(metadata == null ? null : metadata.getFinalizers())
                .withOwnerReferences(Objects.controlledBy(owner))
                .endMetadata()
                .withSpec(template.getSpec());
    }

    static boolean hasLabel(Pod pod, String key, String value) {
        return value.equals(Objects.labels(pod).get(key));
    }

    static PodTemplateSpec withLabel(PodTemplateSpec template, String key, String value) {
        return new PodTemplateSpecBuilder(template)
                .editOrNewMetadata()
                .addToLabels(key, value)
                .endMetadata()
                .build();
    }

    static PodTemplateSpec withoutLabel(PodTemplateSpec template, String key) {
        return new PodTemplateSpecBuilder(template)
                .editOrNewMetadata()
                .removeFromLabels(key)
                .endMetadata()
                .build();
    }

    /** The same text for equal templates, whatever the order of their maps. {@code collisions} yields another. */
    static String hash(PodTemplateSpec template, int collisions, KubernetesSerialization serialization) {
        Object tree = serialization.unmarshal(serialization.asJson(template), Map.class);
        long hash = 0xcbf29ce484222325L;
        for (byte b : (canonical(tree) + collisions).getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return encode(hash, 10);
    }

    /** {@code length} characters that may stand in a name. */
    static String encode(long number, int length) {
        var text = new StringBuilder();
        long rest = number;
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt((int) Long.remainderUnsigned(rest, ALPHABET.length())));
            rest = Long.divideUnsigned(rest, ALPHABET.length());
        }
        return text.toString();
    }

    private static String canonical(@Nullable Object tree) {
        return switch (tree) {
            case Map<?, ?> map -> {
                var sorted = new TreeMap<String, String>();
                map.forEach((key, value) -> sorted.put(String.valueOf(key), canonical(value)));
                yield sorted.toString();
            }
            case Collection<?> list ->
                list.stream().map(PodTemplates::canonical).collect(Collectors.joining(",", "[", "]"));
            case null -> "null";
            default -> tree.toString();
        };
    }
}
