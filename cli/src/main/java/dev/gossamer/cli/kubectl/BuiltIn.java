package dev.gossamer.cli.kubectl;

import dev.gossamer.cli.command.CommandException;
import dev.gossamer.cli.command.ExitCode;
import dev.gossamer.kube.watch.ClusterUnreachableException;
import dev.gossamer.kube.watch.Connection;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/** The verbs of kubectl that the mesh's walk-through needs, for where kubectl is not installed. Confined to one command. */
final class BuiltIn {
    private final Path kubeconfig;
    private final PrintWriter out;

    BuiltIn(Path kubeconfig, PrintWriter out) {
        this.kubeconfig = kubeconfig;
        this.out = out;
    }

    int run(List<String> words) throws CommandException, InterruptedException {
        // As kubectl, flags may also come first: the verb is the first word that can be one.
        int at = 0;
        while (at < words.size() && words.get(at).startsWith("-")) {
            at += words.get(at).contains("=") || words.get(at).equals("-A") ? 1 : 2;
        }
        if (at >= words.size()) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "kubectl is not installed; built in are get, apply, label, annotate, patch, delete, describe, logs, exec");
        }
        var verb = words.get(at);
        var rest = new java.util.ArrayList<>(words);
        rest.remove(at);
        var arguments = Arguments.parse(verb, rest);
        try (var client = Connection.ofKubeconfig(kubeconfig, null)) {
            Connection.requireReachable(client);
            var resources = new Resources(client);
            switch (verb) {
                case "get" -> new GetVerb(resources, out).run(arguments);
                case "describe" -> new DescribeVerb(client, resources, out).run(arguments);
                case "apply", "label", "annotate", "patch", "delete" ->
                    new ChangeVerbs(client, resources, out).run(verb, arguments);
                case "logs" -> new PodVerbs(client, out).logs(arguments);
                case "exec" -> {
                    return new PodVerbs(client, out).exec(arguments);
                }
                default ->
                    throw new CommandException(
                            ExitCode.USAGE,
                            "'" + verb + "' needs kubectl, which is not installed (on Debian or Ubuntu: package"
                                    + " kubernetes-client); built in are get, apply, label, annotate, patch, delete,"
                                    + " describe, logs, exec");
            }
            return ExitCode.OK.number();
        } catch (IOException | ClusterUnreachableException e) {
            throw new CommandException(ExitCode.NO_CLUSTER, String.valueOf(e.getMessage()), e);
        } finally {
            out.flush();
        }
    }
}
