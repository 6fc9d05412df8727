package dev.gossamer.node.pods;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;

/** The annotation by which the control plane learns that a pod takes tunnels. Thread-safe. */
public final class Redirection implements Annotator {
    public static final String ANNOTATION = "ambient.istio.io/redirection";

    private final KubernetesClient client;

    /** What the annotation says. */
    public enum Status {
        /** Its connections go through the node proxy. */
        ENABLED("\"enabled\""),
        /** It is to be taken in, but the node proxy has not accepted it yet. */
        PENDING("\"pending\""),
        /** No annotation: it is not in the mesh. */
        NONE("null");

        private final String json;

        Status(String json) {
            this.json = json;
        }
    }

    /** The API did not take it; worth another try. */
    public static final class AnnotationFailedException extends Exception {
        AnnotationFailedException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    public Redirection(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public void annotate(LocalPod pod, Status status) throws AnnotationFailedException {
        // The uid makes the API refuse where another pod has the name by now.
        var patch = "{\"metadata\":{\"uid\":\"" + pod.uid() + "\",\"annotations\":{\"" + ANNOTATION + "\":"
                + status.json + "}}}";
        try {
            client.pods()
                    .inNamespace(pod.namespace())
                    .withName(pod.name())
                    .subresource("status")
                    .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND && e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw new AnnotationFailedException(
                        "cannot write the annotation " + ANNOTATION + " of pod " + pod + ": " + e.getMessage(), e);
            }
        }
    }

    /** Whether the annotation, as last seen, says so. */
    public static boolean isSeen(LocalPod pod, Status status) {
        var value = pod.annotations().get(ANNOTATION);
        return switch (status) {
            case NONE -> value == null;
            case ENABLED -> "enabled".equals(value);
            case PENDING -> "pending".equals(value);
        };
    }
}
