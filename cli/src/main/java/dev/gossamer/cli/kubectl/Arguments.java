package dev.gossamer.cli.kubectl;

import dev.gossamer.cli.command.CommandException;
import dev.gossamer.cli.command.ExitCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The words after the verb, sorted.
 *
 * <p>Immutable.
 *
 * @param flags by long name; those without a value have {@code true}
 * @param names what is no flag
 * @param command what stands behind {@code --}
 */
record Arguments(Map<String, String> flags, List<String> names, List<String> command) {
    private static final Map<String, String> SHORT = Map.of(
            "n", "namespace",
            "o", "output",
            "l", "selector",
            "f", "filename",
            "p", "patch",
            "c", "container",
            "A", "all-namespaces",
            "i", "stdin",
            "t", "tty");
    private static final Set<String> WITH_VALUE = Set.of(
            "namespace",
            "output",
            "selector",
            "filename",
            "patch",
            "container",
            "type",
            "tail",
            "field-selector",
            "grace-period");
    private static final Set<String> WITHOUT_VALUE = Set.of(
            "all-namespaces",
            "all",
            "overwrite",
            "follow",
            "previous",
            "stdin",
            "tty",
            "server-side",
            "force-conflicts",
            "show-labels",
            "no-headers",
            "ignore-not-found",
            "wait",
            "force",
            "now");

    static Arguments parse(String verb, List<String> words) throws CommandException {
        var flags = new HashMap<String, String>();
        var names = new ArrayList<String>();
        for (int i = 0; i < words.size(); i++) {
            var word = words.get(i);
            if (word.equals("--")) {
                return new Arguments(flags, names, words.subList(i + 1, words.size()));
            }
            if (!word.startsWith("-") || word.equals("-")) {
                names.add(word);
                continue;
            }
            int equals = word.indexOf('=');
            var given = equals < 0 ? word : word.substring(0, equals);
            for (var flag : expand(verb, given)) {
                if (equals > 0) {
                    flags.put(flag, word.substring(equals + 1));
                } else if (WITH_VALUE.contains(flag)) {
                    i++;
                    if (i == words.size()) {
                        throw new CommandException(ExitCode.USAGE, "flag " + word + " needs a value");
                    }
                    flags.put(flag, words.get(i));
                } else {
                    flags.put(flag, "true");
                }
            }
        }
        return new Arguments(flags, names, List.of());
    }

    /** {@code -it} stands for two flags, and {@code -f} follows logs but names files elsewhere. */
    private static List<String> expand(String verb, String given) throws CommandException {
        if (given.startsWith("--")) {
            return List.of(known(given, given.substring(2)));
        }
        var flags = new ArrayList<String>();
        for (char letter : given.substring(1).toCharArray()) {
            var name = String.valueOf(letter);
            if (verb.equals("logs") && (letter == 'f' || letter == 'p')) {
                flags.add(letter == 'f' ? "follow" : "previous");
            } else {
                flags.add(known(given, SHORT.getOrDefault(name, name)));
            }
        }
        return flags;
    }

    private static String known(String given, String flag) throws CommandException {
        if (!WITH_VALUE.contains(flag) && !WITHOUT_VALUE.contains(flag)) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "the built-in kubectl does not know the flag " + given
                            + ": install kubectl for all of them, and it is used instead");
        }
        return flag;
    }

    boolean has(String flag) {
        return "true".equals(flags.get(flag));
    }

    @Nullable
    String value(String flag) {
        return flags.get(flag);
    }

    String value(String flag, String otherwise) {
        return flags.getOrDefault(flag, otherwise);
    }

    String namespace() {
        return value("namespace", "default");
    }
}
