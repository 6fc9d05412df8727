package dev.gossamer.cli.kubectl;

import dev.gossamer.cli.command.CommandException;
import dev.gossamer.cli.command.ExitCode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.List;

/** The objects that words such as {@code pod a b}, {@code deploy/web} or {@code pods -l app=web} name. */
final class Targets {
    /** Names of one kind; none means all that the selector allows. */
    record Named(Resources.Served kind, List<String> names) {}

    private Targets() {}

    /** The kinds and names; words that are left over, such as changes of labels, must not be among {@code words}. */
    static List<Named> parse(Resources resources, List<String> words) throws CommandException {
        if (words.isEmpty()) {
            throw new CommandException(ExitCode.USAGE, "name what you mean, such as 'pods' or 'deployment/web'");
        }
        var named = new ArrayList<Named>();
        if (words.getFirst().contains("/")) {
            for (var word : words) {
                int slash = word.indexOf('/');
                if (slash < 0) {
                    throw new CommandException(
                            ExitCode.USAGE, "'" + word + "' must be of the form kind/name, like those before it");
                }
                named.add(new Named(resources.find(word.substring(0, slash)), List.of(word.substring(slash + 1))));
            }
            return named;
        }
        for (var kind : words.getFirst().split(",")) {
            named.add(new Named(resources.find(kind), words.subList(1, words.size())));
        }
        return named;
    }

    static List<GenericKubernetesResource> fetch(Resources resources, Named named, Arguments arguments)
            throws CommandException {
        var kind = named.kind();
        if (named.names().isEmpty()) {
            var selector = arguments.value("selector");
            var operation = arguments.has("all-namespaces")
                    ? resources.of(kind).inAnyNamespace()
                    : resources.in(kind, arguments.namespace());
            return (selector == null
                            ? operation.list()
                            : operation.withLabelSelector(selector).list())
                    .getItems();
        }
        var found = new ArrayList<GenericKubernetesResource>();
        for (var name : named.names()) {
            var object =
                    resources.in(kind, arguments.namespace()).withName(name).get();
            if (object != null) {
                found.add(object);
            } else if (!arguments.has("ignore-not-found")) {
                var full = kind.group().isEmpty()
                        ? kind.resource().getName()
                        : kind.resource().getName() + "." + kind.group();
                throw new CommandException(
                        ExitCode.NOT_FOUND,
                        full + " \"" + name + "\" not found"
                                + (kind.isNamespaced() ? " in namespace " + arguments.namespace() : ""));
            }
        }
        return found;
    }
}
