package dev.gossamer.lab.pods;

import dev.gossamer.lab.containers.ContainerReport;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a pod's status is derived from.
 *
 * <p>Immutable.
 *
 * @param address null while the pod has none
 * @param initialized every init container has done its work
 * @param over the containers have ended and will not be started again; null while that is not so
 */
record PodPhase(
        Pod pod,
        @Nullable String address,
        String nodeAddress,
        List<Named> init,
        List<Named> main,
        boolean initialized,
        @Nullable Outcome over) {
    PodPhase {
        init = List.copyOf(init);
        main = List.copyOf(main);
    }

    /** How a pod came out. */
    enum Outcome {
        SUCCEEDED,
        FAILED
    }

    /** A container as its spec and its report have it; {@code init}: one that has to end. Immutable. */
    record Named(String name, String image, boolean init, ContainerReport report) {}
}
