package dev.gossamer.lab;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.Objects;

/** What stands in a lab when it is ready: the mesh and the demo. Confined to the thread that starts the lab. */
final class LabContents {
    private static final String DEMO = "demo.yaml";
    private static final String DEMO_NAMESPACE = "production";

    private final KubernetesClient client;
    private final StartReport report;

    LabContents(KubernetesClient client, String profile, StartReport report) {
        this.client = client;
        this.report = report;
    }

    void install() throws IOException, InterruptedException {
        report.say(new StartMessage.Step("Starting the demo in namespace " + DEMO_NAMESPACE));
        try (var manifest = Objects.requireNonNull(LabContents.class.getResourceAsStream(DEMO), DEMO)) {
            client.load(manifest).create();
        }
    }
}
