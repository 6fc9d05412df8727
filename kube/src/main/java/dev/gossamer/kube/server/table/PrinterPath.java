package dev.gossamer.kube.server.table;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The JSONPath of a printer column, as far as definitions use it: fields, {@code [0]}, {@code [*]} and
 * {@code [?(@.type=="Ready")]}.
 *
 * <p>Immutable.
 */
final class PrinterPath {
    private sealed interface Step {
        /** Immutable. */
        record Field(String name) implements Step {}

        /** Negative counts from the end. Immutable. */
        record Index(int at) implements Step {}

        /** Immutable. */
        record All() implements Step {}

        /** Immutable. */
        record Filter(List<String> path, boolean equal, String value) implements Step {}
    }

    private static final Pattern TOKEN = Pattern.compile("\\.?([^.\\[\\]]+)|\\.?\\['([^']*)'\\]|\\[(-?\\d{1,6})\\]"
            + "|\\[(\\*)\\]|\\[\\?\\(@((?:\\.[^=!<>\\s.]+)+)\\s*(==|!=)\\s*[\"']?([^\"')]*)[\"']?\\)\\]");

    private final List<Step> steps;

    private PrinterPath(List<Step> steps) {
        this.steps = steps;
    }

    /** What cannot be read finds nothing, as in a real server. */
    static PrinterPath parse(String text) {
        var steps = new ArrayList<Step>();
        // A dot inside a name is written \. in definitions.
        var source = text.strip().replace("\\.", "\u0000");
        var matcher = TOKEN.matcher(source);
        int at = 0;
        while (at < source.length() && matcher.find(at) && matcher.start() == at) {
            if (matcher.group(1) != null) {
                steps.add(new Step.Field(matcher.group(1).replace('\u0000', '.')));
            } else if (matcher.group(2) != null) {
                steps.add(new Step.Field(matcher.group(2).replace('\u0000', '.')));
            } else if (matcher.group(3) != null) {
                steps.add(new Step.Index(Integer.parseInt(matcher.group(3))));
            } else if (matcher.group(4) != null) {
                steps.add(new Step.All());
            } else {
                var path = List.of(matcher.group(5).substring(1).split("\\."));
                steps.add(new Step.Filter(path, matcher.group(6).equals("=="), matcher.group(7)));
            }
            at = matcher.end();
        }
        return new PrinterPath(at == source.length() ? List.copyOf(steps) : List.of());
    }

    List<JsonNode> find(JsonNode root) {
        if (steps.isEmpty()) {
            return List.of();
        }
        var found = List.of(root);
        for (var step : steps) {
            var next = new ArrayList<JsonNode>();
            for (var node : found) {
                follow(step, node, next);
            }
            found = next;
        }
        return found.stream().filter(node -> !node.isNull()).toList();
    }

    private static void follow(Step step, JsonNode node, List<JsonNode> next) {
        switch (step) {
            case Step.Field(var name) -> {
                var value = node.get(name);
                if (value != null) {
                    next.add(value);
                }
            }
            case Step.Index(var at) -> {
                var value = node.isArray() ? node.get(at < 0 ? node.size() + at : at) : null;
                if (value != null) {
                    next.add(value);
                }
            }
            case Step.All() -> node.forEach(next::add);
            case Step.Filter(var path, var equal, var value) -> {
                for (var element : node) {
                    var inner = element;
                    for (var name : path) {
                        inner = inner.path(name);
                    }
                    if (inner.asString("").equals(value) == equal) {
                        next.add(element);
                    }
                }
            }
        }
    }
}
