package dev.gossamer.cli.kubectl;

import dev.gossamer.cli.command.CommandException;
import dev.gossamer.cli.command.ExitCode;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.ContainerResource;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** {@code logs} and {@code exec}. Confined to one command. */
final class PodVerbs {
    private static final int BUFFER_CHARS = 8 << 10;

    private final KubernetesClient client;
    private final PrintWriter out;

    PodVerbs(KubernetesClient client, PrintWriter out) {
        this.client = client;
        this.out = out;
    }

    void logs(Arguments arguments) throws CommandException {
        var container = container(arguments);
        var tail = arguments.value("tail");
        try {
            if (arguments.has("follow")) {
                try (var watch = tail == null
                        ? container.watchLog()
                        : container.tailingLines(number(tail)).watchLog()) {
                    copy(new InputStreamReader(watch.getOutput(), StandardCharsets.UTF_8));
                }
            } else if (arguments.has("previous")) {
                copy(container.terminated().getLogReader());
            } else {
                copy(
                        tail == null
                                ? container.getLogReader()
                                : container.tailingLines(number(tail)).getLogReader());
            }
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "the log broke off: " + e.getMessage(), e);
        }
    }

    private void copy(Reader reader) throws IOException {
        try (reader) {
            var buffer = new char[BUFFER_CHARS];
            int count;
            while ((count = reader.read(buffer)) >= 0) {
                out.write(buffer, 0, count);
                out.flush();
            }
        }
    }

    int exec(Arguments arguments) throws CommandException, InterruptedException {
        if (arguments.command().isEmpty()) {
            throw new CommandException(ExitCode.USAGE, "name the command to run behind --");
        }
        var container = container(arguments);
        var streams = (arguments.has("stdin") ? container.redirectingInput() : container)
                .writingOutput(System.out)
                .writingError(System.err);
        try (var watch = (arguments.has("tty") ? streams.withTTY() : streams)
                .exec(arguments.command().toArray(String[]::new))) {
            if (arguments.has("stdin")) {
                Thread.ofVirtual().name("stdin").start(() -> forward(watch.getInput()));
            }
            Integer code = watch.exitCode().get();
            return code == null ? ExitCode.FAILED.number() : code;
        } catch (ExecutionException e) {
            throw new CommandException(ExitCode.FAILED, "the command could not be run: " + e.getCause(), e);
        }
    }

    /** Ends when either side does; the command's own end is awaited elsewhere. */
    private static void forward(OutputStream input) {
        try (input) {
            System.in.transferTo(input);
        } catch (IOException e) {
            System.getLogger(PodVerbs.class.getName())
                    .log(System.Logger.Level.DEBUG, "standard input is no longer forwarded", e);
        }
    }

    private ContainerResource container(Arguments arguments) throws CommandException {
        if (arguments.names().isEmpty()) {
            throw new CommandException(ExitCode.USAGE, "name the pod");
        }
        var pod = pod(arguments.names().getFirst(), arguments.namespace());
        var resource = client.pods()
                .inNamespace(arguments.namespace())
                .withName(pod.getMetadata().getName());
        var name = arguments.value("container");
        return name == null
                ? resource.inContainer(pod.getSpec().getContainers().getFirst().getName())
                : resource.inContainer(name);
    }

    /** A pod by its name, or one of those of {@code deploy/web}, {@code ds/ztunnel} and the like. */
    private Pod pod(String text, String namespace) throws CommandException {
        int slash = text.indexOf('/');
        var kind = slash < 0 ? "pod" : text.substring(0, slash);
        var name = text.substring(slash + 1);
        Pod found;
        if (kind.equals("pod") || kind.equals("pods") || kind.equals("po")) {
            found = client.pods().inNamespace(namespace).withName(name).get();
        } else {
            var selector = selector(kind, name, namespace);
            found = selector == null
                    ? null
                    : client.pods().inNamespace(namespace).withLabelSelector(selector).list().getItems().stream()
                            .findFirst()
                            .orElse(null);
        }
        if (found == null) {
            throw new CommandException(ExitCode.NOT_FOUND, "pods \"" + name + "\" not found in namespace " + namespace);
        }
        return found;
    }

    private @Nullable LabelSelector selector(String kind, String name, String namespace) throws CommandException {
        return switch (kind) {
            case "deploy", "deployment", "deployments" -> {
                var deployment = client.apps()
                        .deployments()
                        .inNamespace(namespace)
                        .withName(name)
                        .get();
                yield deployment == null ? null : deployment.getSpec().getSelector();
            }
            case "ds", "daemonset", "daemonsets" -> {
                var set = client.apps()
                        .daemonSets()
                        .inNamespace(namespace)
                        .withName(name)
                        .get();
                yield set == null ? null : set.getSpec().getSelector();
            }
            case "sts", "statefulset", "statefulsets" -> {
                var set = client.apps()
                        .statefulSets()
                        .inNamespace(namespace)
                        .withName(name)
                        .get();
                yield set == null ? null : set.getSpec().getSelector();
            }
            case "job", "jobs" -> {
                var job = client.batch()
                        .v1()
                        .jobs()
                        .inNamespace(namespace)
                        .withName(name)
                        .get();
                yield job == null ? null : job.getSpec().getSelector();
            }
            default ->
                throw new CommandException(
                        ExitCode.USAGE, "'" + kind + "' has no pods: name a pod, deploy/…, ds/…, sts/… or job/…");
        };
    }

    private static int number(String text) throws CommandException {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new CommandException(ExitCode.USAGE, "--tail needs a number, not '" + text + "'", e);
        }
    }
}
