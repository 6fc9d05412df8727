package dev.gossamer.kube.schema.kinds;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One kind as an API server offers it in one version. Immutable.
 *
 * @param group empty for the core group
 * @param verbs as discovery lists them
 */
public record ResourceKind(
        String group, String version, Names names, boolean namespaced, List<String> verbs, Subresources subresources) {
    public ResourceKind {
        verbs = List.copyOf(verbs);
    }

    /** What a kind is called, as one, as many, and for short. */
    public record Names(
            String kind,
            String listKind,
            String plural,
            String singular,
            List<String> shortNames,
            List<String> categories) {
        public Names {
            shortNames = List.copyOf(shortNames);
            categories = List.copyOf(categories);
        }
    }

    /**
     * What hangs below an object's own address.
     *
     * @param others such as {@code log}, {@code exec}, {@code token}
     */
    public record Subresources(boolean status, @Nullable Scale scale, List<String> others) {
        public static final Subresources NONE = new Subresources(false, null, List.of());
        public static final Subresources STATUS = new Subresources(true, null, List.of());

        public Subresources {
            others = List.copyOf(others);
        }
    }

    /** Where the numbers of {@code /scale} stand in the object, in the notation of definitions: {@code .spec.replicas}. */
    public record Scale(
            String specReplicasPath,
            String statusReplicasPath,
            @Nullable String labelSelectorPath) {}

    /** {@code v1} or {@code apps/v1}, as it stands in an object. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    public boolean allows(String verb) {
        return verbs.contains(verb);
    }
}
