package dev.gossamer.cli.command;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A pod as users name it: {@code name}, {@code name.namespace} or {@code pod/name}. A deployment's name, or the beginning
 * of a pod's, finds its pod as well.
 *
 * <p>Immutable.
 */
public record PodName(String name, String namespace) {
    private static final int MOST_SHOWN = 5;

    public static PodName parse(String text, String defaultNamespace) {
        var plain = text.substring(text.indexOf('/') + 1);
        int dot = plain.indexOf('.');
        return dot < 0
                ? new PodName(plain, defaultNamespace)
                : new PodName(plain.substring(0, dot), plain.substring(dot + 1));
    }

    /**
     * Looks it up.
     *
     * @throws CommandException if there is none; the message names those there are
     */
    public Pod find(KubernetesClient client) throws CommandException {
        var exact = client.pods().inNamespace(namespace).withName(name).get();
        if (exact != null) {
            return exact;
        }
        List<Pod> all = client.pods().inNamespace(namespace).list().getItems();
        var running = all.stream()
                .filter(pod -> pod.getMetadata().getName().startsWith(name + "-"))
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .filter(pod -> pod.getStatus() != null
                        && "Running".equals(pod.getStatus().getPhase()))
                .findFirst();
        if (running.isPresent()) {
            return running.get();
        }
        var others = all.stream()
                .map(pod -> pod.getMetadata().getName())
                .limit(MOST_SHOWN)
                .collect(Collectors.joining(", "));
        throw new CommandException(
                ExitCode.NOT_FOUND,
                "there is no pod " + name + " in namespace " + namespace
                        + (others.isEmpty()
                                ? ", nor any other; name one of another namespace as POD.NAMESPACE"
                                : "; there are: " + others + (all.size() > MOST_SHOWN ? ", …" : "")));
    }
}
