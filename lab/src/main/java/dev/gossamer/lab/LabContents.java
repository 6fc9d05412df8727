package dev.gossamer.lab;

import dev.gossamer.core.lifecycle.TaskGroup;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.kube.install.InstallationException;
import dev.gossamer.kube.install.Installer;
import dev.gossamer.kube.install.InvalidValuesException;
import dev.gossamer.kube.install.Manifests;
import dev.gossamer.kube.install.Progress;
import dev.gossamer.kube.install.Values;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What stands in a lab when it is ready: the mesh and the demo. Confined to the thread that starts the lab. */
final class LabContents {
    private static final String DEMO = "demo.yaml";
    private static final String NAMESPACE = "production";
    private static final String FIELD_MANAGER = "gossamer-lab";
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int LOG_LINES = 8;
    private static final int MAX_WORDS = 4000;

    private final KubernetesClient client;
    private final String profile;
    private final TimeSource time;
    private final Consumer<String> steps;

    LabContents(KubernetesClient client, String profile, TimeSource time, Consumer<String> steps) {
        this.client = client;
        this.profile = profile;
        this.time = time;
        this.steps = steps;
    }

    /** Puts both in, side by side, and returns when all of it is ready. */
    void install() throws IOException, InterruptedException {
        try (var tasks = new TaskGroup("contents")) {
            tasks.start(this::installMesh);
            tasks.start(this::installDemo);
            tasks.join();
        } catch (ExecutionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(cause.getMessage() + lastWords(), e);
        }
    }

    /** What containers that fail have logged last: the lab goes away, and their logs with it. */
    private String lastWords() {
        var text = new StringBuilder();
        for (var pod : client.pods().inAnyNamespace().list().getItems()) {
            for (var container : pod.getStatus().getContainerStatuses()) {
                if (container.getRestartCount() > 0 && text.length() < MAX_WORDS) {
                    var name = pod.getMetadata().getName();
                    text.append("\nlast lines of ").append(name).append(":\n");
                    text.append(log(pod.getMetadata().getNamespace(), name, container.getName()));
                }
            }
        }
        return text.toString();
    }

    private String log(String namespace, String pod, String container) {
        try {
            return client.pods()
                    .inNamespace(namespace)
                    .withName(pod)
                    .inContainer(container)
                    .tailingLines(LOG_LINES)
                    .getLog();
        } catch (KubernetesClientException e) {
            return "cannot be read: " + e.getMessage();
        }
    }

    private void installMesh() throws InvalidValuesException, InstallationException, InterruptedException {
        steps.accept("Installing the mesh, profile " + profile);
        var manifests = Manifests.render(Values.parse(List.of("profile=" + profile)));
        new Installer(client, new Steps(), time).install(manifests, LIMIT);
    }

    private void installDemo() throws IOException {
        steps.accept("Starting the demo in namespace " + NAMESPACE);
        try (var manifest = Objects.requireNonNull(LabContents.class.getResourceAsStream(DEMO), DEMO)) {
            for (var object : client.load(manifest).items()) {
                client.resource(object)
                        .fieldManager(FIELD_MANAGER)
                        .forceConflicts()
                        .serverSideApply();
            }
        } catch (KubernetesClientException e) {
            throw new IOException("the demo cannot be put into the cluster: " + e.getMessage(), e);
        }
        for (var deployment :
                client.apps().deployments().inNamespace(NAMESPACE).list().getItems()) {
            await(deployment.getMetadata().getName());
        }
        steps.accept("The demo runs");
    }

    private void await(String deployment) throws IOException {
        try {
            var _ = client.apps()
                    .deployments()
                    .inNamespace(NAMESPACE)
                    .withName(deployment)
                    .waitUntilCondition(LabContents::isAvailable, LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (KubernetesClientTimeoutException e) {
            throw new IOException(
                    "the demo's deployment " + deployment + " did not become ready within " + LIMIT.toSeconds() + " s",
                    e);
        }
    }

    private static boolean isAvailable(@Nullable Deployment deployment) {
        return deployment != null
                && deployment.getStatus() != null
                && Objects.equals(
                        deployment.getStatus().getAvailableReplicas(),
                        deployment.getSpec().getReplicas());
    }

    /** The installer's progress as steps of the start. Thread-safe. */
    private final class Steps implements Progress {
        @Override
        public void started(String step) {
            // Only what is done is told: the parts come up side by side.
        }

        @Override
        public void done(String step) {
            steps.accept(step + " runs");
        }

        @Override
        public void note(String text) {
            steps.accept(text);
        }
    }
}
