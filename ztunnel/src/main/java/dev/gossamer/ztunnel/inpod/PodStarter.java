package dev.gossamer.ztunnel.inpod;

import dev.gossamer.net.linux.Netns;
import dev.gossamer.ztunnel.state.LocalWorkloadKey;
import java.io.IOException;

/** Begins to serve a pod. */
@FunctionalInterface
public interface PodStarter {
    /**
     * Opens the listeners of a pod. Takes the namespace over; may wait.
     *
     * @throws IOException if that cannot be done now; the namespace is then still the caller's
     */
    ServedPod start(LocalWorkloadKey pod, Netns namespace) throws IOException, InterruptedException;
}
