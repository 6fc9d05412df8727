package dev.gossamer.cli.command;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import org.jspecify.annotations.Nullable;

/** Turns failures into what the user reads: one sentence, with the remedy. */
public final class Failures {
    private Failures() {}

    /** The sentence for {@code failure}, and the exit code that goes with it. */
    public static CommandException explain(Throwable failure) {
        return switch (failure) {
            case CommandException known -> known;
            case KubernetesClientException answer -> explain(answer);
            case InterruptedException _ -> new CommandException(ExitCode.FAILED, "interrupted", failure);
            default ->
                new CommandException(
                        ExitCode.FAILED,
                        "something unexpected happened (" + failure + "); run it again with --debug for details",
                        failure);
        };
    }

    private static CommandException explain(KubernetesClientException answer) {
        var message = text(answer);
        return switch (answer.getCode()) {
            case HttpURLConnection.HTTP_NOT_FOUND -> new CommandException(ExitCode.NOT_FOUND, message, answer);
            case HttpURLConnection.HTTP_UNAUTHORIZED ->
                new CommandException(
                        ExitCode.NO_CLUSTER,
                        "the cluster does not accept these credentials: fetch a fresh kubeconfig",
                        answer);
            case HttpURLConnection.HTTP_FORBIDDEN ->
                new CommandException(
                        ExitCode.FAILED, message + " (the kubeconfig's user lacks this permission)", answer);
            case 0 ->
                new CommandException(
                        ExitCode.NO_CLUSTER, "the connection to the cluster failed: " + root(answer), answer);
            default -> new CommandException(ExitCode.FAILED, message, answer);
        };
    }

    private static String text(KubernetesClientException answer) {
        var status = answer.getStatus();
        var message = status == null ? null : status.getMessage();
        return message == null || message.isEmpty() ? root(answer) : message;
    }

    private static String root(Throwable failure) {
        Throwable cause = failure;
        @Nullable Throwable next = cause.getCause();
        while (next != null) {
            cause = next;
            next = cause.getCause();
        }
        var message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
