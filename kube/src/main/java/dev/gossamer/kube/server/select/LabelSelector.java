package dev.gossamer.kube.server.select;

import dev.gossamer.kube.server.failure.ApiException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A label selector: {@code app=x,tier in (a, b),!canary}. Immutable. */
public record LabelSelector(List<Requirement> requirements) {
    public static final LabelSelector EVERYTHING = new LabelSelector(List.of());

    private static final Pattern SET_BASED =
            Pattern.compile("\\s*([^\\s!=,()<>]+)\\s+(in|notin)\\s*\\(([^()]*)\\)\\s*", Pattern.DOTALL);
    private static final Pattern EQUALITY =
            Pattern.compile("\\s*([^\\s!=,()<>]+)\\s*(==|=|!=)\\s*([^\\s!=,()<>]*)\\s*");
    private static final Pattern EXISTS = Pattern.compile("\\s*(!?)\\s*([^\\s!=,()<>]+)\\s*");
    private static final Pattern ORDER = Pattern.compile("\\s*([^\\s!=,()<>]+)\\s*([<>])\\s*(-?\\d{1,18})\\s*");

    /** One condition on labels. */
    public sealed interface Requirement {
        boolean matches(Map<String, String> labels);

        /** Immutable. */
        record In(String key, Set<String> values) implements Requirement {
            @Override
            public boolean matches(Map<String, String> labels) {
                var value = labels.get(key);
                return value != null && values.contains(value);
            }
        }

        /** Also met where there is no such label. Immutable. */
        record NotIn(String key, Set<String> values) implements Requirement {
            @Override
            public boolean matches(Map<String, String> labels) {
                var value = labels.get(key);
                return value == null || !values.contains(value);
            }
        }

        /** Immutable. */
        record Exists(String key, boolean wanted) implements Requirement {
            @Override
            public boolean matches(Map<String, String> labels) {
                return labels.containsKey(key) == wanted;
            }
        }

        /** Immutable. */
        record Compares(String key, boolean greater, long bound) implements Requirement {
            @Override
            public boolean matches(Map<String, String> labels) {
                var value = labels.get(key);
                if (value == null || !value.matches("-?\\d{1,18}")) {
                    return false;
                }
                return greater ? Long.parseLong(value) > bound : Long.parseLong(value) < bound;
            }
        }
    }

    public LabelSelector {
        requirements = List.copyOf(requirements);
    }

    public static LabelSelector parse(@Nullable String text) throws ApiException {
        if (text == null || text.isBlank()) {
            return EVERYTHING;
        }
        var requirements = new ArrayList<Requirement>();
        for (var part : split(text)) {
            requirements.add(requirement(part));
        }
        return new LabelSelector(requirements);
    }

    public boolean matches(Map<String, String> labels) {
        for (var requirement : requirements) {
            if (!requirement.matches(labels)) {
                return false;
            }
        }
        return true;
    }

    private static Requirement requirement(String text) throws ApiException {
        var set = SET_BASED.matcher(text);
        if (set.matches()) {
            var values = Set.of(Arrays.stream(set.group(3).split(",", -1))
                    .map(String::strip)
                    .distinct()
                    .toArray(String[]::new));
            return set.group(2).equals("in")
                    ? new Requirement.In(set.group(1), values)
                    : new Requirement.NotIn(set.group(1), values);
        }
        var equality = EQUALITY.matcher(text);
        if (equality.matches()) {
            var values = Set.of(equality.group(3));
            return equality.group(2).equals("!=")
                    ? new Requirement.NotIn(equality.group(1), values)
                    : new Requirement.In(equality.group(1), values);
        }
        var order = ORDER.matcher(text);
        if (order.matches()) {
            return new Requirement.Compares(order.group(1), order.group(2).equals(">"), Long.parseLong(order.group(3)));
        }
        var exists = EXISTS.matcher(text);
        if (exists.matches()) {
            return new Requirement.Exists(exists.group(2), exists.group(1).isEmpty());
        }
        throw ApiException.badRequest("unable to parse requirement: found '" + text.strip()
                + "', expected: a selector such as app=x, app!=x, app in (x, y), app or !app");
    }

    /** At commas that are not inside parentheses. */
    private static List<String> split(String text) {
        var parts = new ArrayList<String>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            } else if (c == ',' && depth == 0) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }
}
