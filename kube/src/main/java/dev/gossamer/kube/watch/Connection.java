package dev.gossamer.kube.watch;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Ways to reach a cluster's API. */
public final class Connection {
    private Connection() {}

    /** As the environment says: the pod's service account inside a cluster, else {@code KUBECONFIG} or ~/.kube/config. */
    public static KubernetesClient ofEnvironment() {
        return open(Config.autoConfigure(null));
    }

    /**
     * As a kubeconfig file says.
     *
     * @param context which of its contexts; its current one if null
     * @throws IOException if the file cannot be read or is no kubeconfig: the operator's to mend
     */
    public static KubernetesClient ofKubeconfig(Path file, @Nullable String context) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException(file + " cannot be read: is it the right file?");
        }
        Config config;
        try {
            config = Config.fromKubeconfig(context, file.toFile());
        } catch (RuntimeException e) {
            throw new IOException(file + " is not a usable kubeconfig: " + rootMessage(e), e);
        }
        return open(config);
    }

    /** With settings of ours: an answer is waited for, failures are the caller's to retry, not the client's. */
    public static KubernetesClient open(Config config) {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(config)
                        .withConnectionTimeout(5_000)
                        .withRequestRetryBackoffLimit(0)
                        // A watch needs one direction only, and every API server has it over plain HTTP.
                        .withOnlyHttpWatches(true)
                        .build())
                .build();
    }

    /**
     * Asks the API for its version.
     *
     * @throws ClusterUnreachableException if it does not answer or refuses us
     */
    public static void requireReachable(KubernetesClient client) throws ClusterUnreachableException {
        try {
            if (client.getKubernetesVersion() == null) {
                throw new KubernetesClientException("it does not answer like a Kubernetes API");
            }
        } catch (KubernetesClientException e) {
            throw new ClusterUnreachableException(explain(client.getMasterUrl().toString(), e), e);
        }
    }

    private static String explain(String address, KubernetesClientException failure) {
        var prefix = "cannot use the Kubernetes API at " + address + ": ";
        if (failure.getCode() == HttpURLConnection.HTTP_UNAUTHORIZED) {
            return prefix + "it does not accept our credentials; fetch a fresh kubeconfig or token";
        }
        if (failure.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
            return prefix + "it forbids reading /version; check the role bindings of this user";
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return prefix + "its certificate is not trusted (" + cause.getMessage()
                        + "); the kubeconfig may belong to another or an earlier cluster";
            }
            if (cause instanceof UnknownHostException
                    || cause instanceof java.nio.channels.UnresolvedAddressException) {
                return prefix + "its name does not resolve; check the kubeconfig's server";
            }
            if (cause instanceof HttpTimeoutException) {
                return prefix + "it does not answer in time; is the machine reachable from here?";
            }
            if (cause instanceof ConnectException) {
                return prefix + "the connection is refused; is the cluster running?";
            }
        }
        return prefix + rootMessage(failure);
    }

    static String rootMessage(Throwable failure) {
        var cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        var message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
