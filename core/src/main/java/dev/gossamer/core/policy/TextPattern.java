package dev.gossamer.core.policy;

/** How a policy names a text; case counts. Immutable. */
public sealed interface TextPattern {
    record Exact(String text) implements TextPattern {}

    record Prefix(String text) implements TextPattern {}

    record Suffix(String text) implements TextPattern {}

    /** Any text but the empty one. */
    record Presence() implements TextPattern {}

    /** {@code *} is presence, a leading {@code *} a suffix, a trailing one a prefix, all else exact. */
    static TextPattern parse(String text) {
        if (text.equals("*")) {
            return new Presence();
        }
        if (text.startsWith("*")) {
            return new Suffix(text.substring(1));
        }
        if (text.endsWith("*")) {
            return new Prefix(text.substring(0, text.length() - 1));
        }
        return new Exact(text);
    }

    default boolean matches(String value) {
        return switch (this) {
            case Exact(var text) -> value.equals(text);
            case Prefix(var text) -> value.startsWith(text);
            case Suffix(var text) -> value.endsWith(text);
            case Presence() -> !value.isEmpty();
        };
    }
}
