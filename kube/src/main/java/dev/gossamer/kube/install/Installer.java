package dev.gossamer.kube.install;

import dev.gossamer.core.lifecycle.TimeSource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;

/** Puts the mesh into a cluster, changes it there, and takes it out again. Thread-safe. */
public final class Installer {
    private final KubernetesClient client;
    private final Progress progress;
    private final Rollouts rollouts;

    /** {@code client} needs an administrator's rights; it stays the caller's to close. */
    public Installer(KubernetesClient client, Progress progress, TimeSource time) {
        this.client = client;
        this.progress = progress;
        this.rollouts = new Rollouts(client, time);
    }

    /**
     * Applies everything, then waits until all of it runs. Doing it again changes only what differs, and removes what
     * another profile had installed.
     *
     * @param readinessTimeout for each component
     * @throws InstallationException if the cluster refuses an object or a component does not come up; what was applied
     *     stays, so that it can be looked at and tried again
     */
    public void install(Manifests manifests, Duration readinessTimeout)
            throws InstallationException, InterruptedException {
        // All at once before any waiting: the components come up side by side.
        for (var part : manifests.parts()) {
            for (var object : inOrder(part.objects())) {
                apply(object);
            }
            if (part.objects().stream().anyMatch(CustomResourceDefinition.class::isInstance)) {
                rollouts.awaitEstablished(part.objects(), readinessTimeout);
            }
        }
        new Uninstaller(client, progress, rollouts).removeAllBut(manifests);
        for (var part : manifests.parts()) {
            progress.started(part.title());
            for (var object : part.objects()) {
                rollouts.await(object, readinessTimeout);
            }
            progress.done(part.title());
        }
    }

    /**
     * Removes what {@link #install} applied, agents before the proxies that they feed. Custom resource definitions, and
     * with them users' policies, stay, and so does the mesh's root certificate, unless {@code purge} asks for everything.
     */
    public void uninstall(String namespace, boolean purge, Duration timeout)
            throws InstallationException, InterruptedException {
        new Uninstaller(client, progress, rollouts).removeAll(namespace, purge, timeout);
    }

    /** Whether anything of ours is there. */
    public boolean isInstalled() {
        return new Uninstaller(client, progress, rollouts).findsAnything();
    }

    private static List<HasMetadata> inOrder(List<HasMetadata> objects) {
        return objects.stream()
                .sorted(java.util.Comparator.comparingInt(object -> switch (object) {
                    case CustomResourceDefinition _ -> 0;
                    case Namespace _ -> 1;
                    default -> 2;
                }))
                .toList();
    }

    private void apply(HasMetadata object) throws InstallationException {
        try {
            client.resource(object)
                    .fieldManager(Manifests.MANAGER)
                    .forceConflicts()
                    .serverSideApply();
        } catch (KubernetesClientException e) {
            throw new InstallationException(explain(object, e), e);
        }
    }

    private static String explain(HasMetadata object, KubernetesClientException failure) {
        var what = object.getKind() + " " + object.getMetadata().getName();
        if (failure.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                || failure.getCode() == HttpURLConnection.HTTP_UNAUTHORIZED) {
            return what + " may not be applied with these credentials: installing needs a cluster administrator's";
        }
        var status = failure.getStatus();
        return what + " could not be applied: "
                + (status != null && status.getMessage() != null ? status.getMessage() : failure.getMessage());
    }
}
