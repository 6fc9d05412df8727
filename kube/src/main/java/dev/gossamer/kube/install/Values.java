package dev.gossamer.kube.install;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What to install, and how: the defaults with an operator's changes.
 *
 * <p>Immutable.
 *
 * @param settings every key of {@link ValueKeys#DEFAULTS}
 * @param open what was set below the keys of {@link ValueKeys#OPEN}, by key
 * @param meshConfig the changes to the mesh's configuration, as a tree
 */
public record Values(
        Profile profile,
        Map<String, String> settings,
        Map<String, Map<String, String>> open,
        Map<String, Object> meshConfig) {
    private static final String MESH_CONFIG = "meshConfig.";
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Za-z0-9.]+)}");
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}");
    private static final Map<String, Pattern> FORMS = Map.of(
            "replicaCount",
            Pattern.compile("\\d{1,4}"),
            "terminationGracePeriodSeconds",
            Pattern.compile("\\d{1,6}"),
            "imagePullPolicy",
            Pattern.compile("Always|IfNotPresent|Never"),
            "cpu",
            Pattern.compile("\\d+(\\.\\d+)?m?"),
            "memory",
            Pattern.compile("\\d+(\\.\\d+)?([kKMGT]i?)?"),
            "istioNamespace",
            Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"));

    public Values {
        settings = Map.copyOf(settings);
        open = Map.copyOf(open);
    }

    /** Nothing changed. */
    public static Values ofDefaults() {
        try {
            return parse(List.of());
        } catch (InvalidValuesException e) {
            throw new AssertionError("the defaults are valid", e);
        }
    }

    /**
     * Reads changes of the form {@code key=value}; several may stand in one text, separated by commas. The prefix
     * {@code values.} may be left out. Later changes win.
     *
     * @throws InvalidValuesException with every mistake; unknown keys come with those that look like them
     */
    public static Values parse(List<String> changes) throws InvalidValuesException {
        var parser = new Parser();
        changes.stream()
                // A comma within a value is written \,
                .flatMap(text -> Arrays.stream(text.split("(?<!\\\\),")))
                .map(text -> text.replace("\\,", ","))
                .filter(text -> !text.isBlank())
                .forEach(parser::accept);
        return parser.finish();
    }

    /** The namespace that the mesh lives in. */
    public String namespace() {
        return setting("global.istioNamespace");
    }

    String setting(String key) {
        var value = settings.get(key);
        if (value == null) {
            throw new IllegalArgumentException("a template refers to " + key + ", which is no key");
        }
        return value;
    }

    Map<String, String> open(String key) {
        return open.getOrDefault(key, Map.of());
    }

    /** {@code text} with all references replaced. */
    String fill(String text) {
        return fill(text, settings);
    }

    private static String fill(String text, Map<String, String> settings) {
        return REFERENCE.matcher(text).replaceAll(match -> {
            var key = match.group(1);
            var value =
                    switch (key) {
                        case "namespace" -> settings.get("global.istioNamespace");
                        case "tagSuffix" -> settings.getOrDefault("tag", "").isEmpty() ? "" : ":" + settings.get("tag");
                        case "pilot.ambient" -> String.valueOf("ambient".equals(settings.get("profile")));
                        default -> settings.get(key);
                    };
            if (value == null) {
                throw new IllegalArgumentException("a template refers to " + key + ", which is no key");
            }
            return java.util.regex.Matcher.quoteReplacement(value);
        });
    }

    /** Collects changes and mistakes. Confined to one call of {@link #parse}. */
    private static final class Parser {
        private final Map<String, String> settings = new LinkedHashMap<>(ValueKeys.DEFAULTS);
        private final Map<String, Map<String, String>> open = new TreeMap<>();
        private final Map<String, Object> meshConfig = new TreeMap<>();
        private final List<String> mistakes = new ArrayList<>();

        void accept(String text) {
            int equals = text.indexOf('=');
            if (equals <= 0) {
                mistakes.add("'" + text + "' is not of the form key=value");
                return;
            }
            var key = text.substring(0, equals).strip();
            var value = text.substring(equals + 1).strip();
            if (key.startsWith(MESH_CONFIG)) {
                setMesh(key, value);
                return;
            }
            var name =
                    switch (key) {
                        case "values.global.hub" -> "hub";
                        case "values.global.tag" -> "tag";
                        default -> key.startsWith("values.") ? key.substring("values.".length()) : key;
                    };
            var parent = ValueKeys.OPEN.stream()
                    .filter(candidate -> name.startsWith(candidate + ".") && name.length() > candidate.length() + 1)
                    .findFirst();
            if (parent.isPresent()) {
                var below = name.substring(parent.get().length() + 1).replace("\\.", ".");
                open.computeIfAbsent(parent.get(), _ -> new TreeMap<>()).put(below, value);
            } else if (ValueKeys.DEFAULTS.containsKey(name)) {
                checkForm(key, name, value);
                settings.put(name, value);
            } else {
                unknown(key, name);
            }
        }

        private void checkForm(String key, String name, String value) {
            var form = FORMS.get(name.substring(name.lastIndexOf('.') + 1));
            if (form != null && !form.matcher(value).matches()) {
                mistakes.add(key + "=" + value + " is not valid; it must look like " + form.pattern());
            }
            var byDefault = ValueKeys.DEFAULTS.get(name);
            boolean isFlag = "true".equals(byDefault) || "false".equals(byDefault);
            if (isFlag && !value.equals("true") && !value.equals("false")) {
                mistakes.add(key + "=" + value + " is not valid; it must be true or false");
            }
        }

        private void unknown(String key, String name) {
            var close = ValueKeys.closeTo(name);
            mistakes.add("unknown key " + key
                    + (close.isEmpty() ? "" : "; did you mean " + String.join(" or ", close) + "?"));
        }

        private void setMesh(String key, String value) {
            var path = Arrays.stream(key.substring(MESH_CONFIG.length()).split("(?<!\\\\)\\."))
                    .map(part -> part.replace("\\.", "."))
                    .toList();
            if (!ValueKeys.MESH_CONFIG.contains(path.getFirst())) {
                unknown(key, key);
                return;
            }
            if (key.contains("[") || path.contains("")) {
                mistakes.add(key + " cannot be set this way; edit the ConfigMap istio for lists");
                return;
            }
            var node = meshConfig;
            for (var part : path.subList(0, path.size() - 1)) {
                node = child(node, part);
            }
            node.put(path.getLast(), scalar(value));
        }

        @SuppressWarnings("unchecked") // Only this method and scalar() put anything into the tree.
        private static Map<String, Object> child(Map<String, Object> node, String name) {
            var known = node.get(name);
            if (known instanceof Map<?, ?> map) {
                return (Map<String, Object>) map;
            }
            var created = new TreeMap<String, Object>();
            node.put(name, created);
            return created;
        }

        private static Object scalar(String text) {
            if (text.equals("true") || text.equals("false")) {
                return Boolean.valueOf(text);
            }
            return NUMBER.matcher(text).matches() ? (Object) Long.valueOf(text) : text;
        }

        Values finish() throws InvalidValuesException {
            var profile = profile(settings.get("profile"));
            if (profile == null) {
                mistakes.add("unknown profile '" + settings.get("profile") + "'; there are "
                        + Arrays.stream(Profile.values())
                                .map(known -> known.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(" and ")));
            }
            if (!mistakes.isEmpty() || profile == null) {
                throw new InvalidValuesException(mistakes);
            }
            var filled = new LinkedHashMap<String, String>();
            settings.forEach((key, value) -> filled.put(key, fill(value, settings)));
            return new Values(profile, filled, open, meshConfig);
        }

        private static @Nullable Profile profile(@Nullable String name) {
            return Arrays.stream(Profile.values())
                    .filter(known -> known.name().toLowerCase(Locale.ROOT).equals(name))
                    .findFirst()
                    .orElse(null);
        }
    }
}
