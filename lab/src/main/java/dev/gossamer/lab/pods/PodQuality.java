package dev.gossamer.lab.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The quality-of-service class that a pod's resources put it in. Immutable. */
final class PodQuality {
    private static final List<String> RESOURCES = List.of("cpu", "memory");

    private PodQuality() {}

    static String of(PodSpec spec) {
        var containers = spec.getContainers();
        boolean isBestEffort = containers.stream()
                .allMatch(container ->
                        requests(container).isEmpty() && limits(container).isEmpty());
        if (isBestEffort) {
            return "BestEffort";
        }
        return containers.stream().allMatch(PodQuality::isGuaranteed) ? "Guaranteed" : "Burstable";
    }

    private static boolean isGuaranteed(Container container) {
        var limits = limits(container);
        var requests = requests(container);
        return RESOURCES.stream()
                .allMatch(name -> limits.get(name) != null
                        && requests.getOrDefault(name, limits.get(name)).equals(limits.get(name)));
    }

    private static Map<String, Quantity> limits(Container container) {
        var resources = container.getResources();
        return resources == null ? Map.of() : orEmpty(resources.getLimits());
    }

    private static Map<String, Quantity> requests(Container container) {
        var resources = container.getResources();
        return resources == null ? Map.of() : orEmpty(resources.getRequests());
    }

    private static Map<String, Quantity> orEmpty(@Nullable Map<String, Quantity> quantities) {
        return quantities == null ? Map.of() : quantities;
    }
}
