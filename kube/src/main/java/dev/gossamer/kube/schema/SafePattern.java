package dev.gossamer.kube.schema;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * A regular expression from a schema, matched in time linear in the text.
 *
 * <p>RE2's syntax is the one that API servers accept. Its programs grow with nested counted repetition, which is bounded
 * here before anything is compiled. Immutable.
 */
final class SafePattern {
    private static final int MAX_LENGTH = 10_000;

    /** How many copies of an atom counted repetitions may ask for. */
    private static final int MAX_COPIES = 20_000;

    private final String text;
    private final Pattern pattern;

    private SafePattern(String text, Pattern pattern) {
        this.text = text;
        this.pattern = pattern;
    }

    /** @throws IllegalArgumentException if the text is not a pattern, or one too large to run; the message says which */
    static SafePattern compile(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("must be a regular expression of at most " + MAX_LENGTH + " characters");
        }
        if (expandedSize(text) > MAX_COPIES) {
            throw new IllegalArgumentException("must be a regular expression whose repetitions are not so large");
        }
        try {
            return new SafePattern(text, Pattern.compile(text));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("must be a valid regular expression, but isn't: " + e.getMessage(), e);
        }
    }

    /** Whether the pattern occurs anywhere in the value: it is anchored only if it says so. */
    boolean occursIn(String value) {
        return pattern.matcher(value).find();
    }

    @Override
    public String toString() {
        return text;
    }

    /** An upper bound for the size of the program: every {@code {n,m}} multiplies what it may apply to. */
    private static long expandedSize(String text) {
        return new Sizer(text).alternatives();
    }

    /** Walks the pattern's groups. Confined to the call that made it. */
    private static final class Sizer {
        private final String text;
        private int at;
        private int depth;

        Sizer(String text) {
            this.text = text;
        }

        long alternatives() {
            // RE2 parses recursively too; a pattern nested deeper than this is hostile.
            if (++depth > 200) {
                return Integer.MAX_VALUE;
            }
            long total = 0;
            long last = 0;
            while (at < text.length() && text.charAt(at) != ')') {
                char c = text.charAt(at++);
                if (c == '{') {
                    int copies = copies();
                    total += last * Math.max(0, copies - 1);
                    last *= Math.max(1, copies);
                } else {
                    last = atom(c);
                    total += last;
                }
                total = Math.min(total, Integer.MAX_VALUE);
                last = Math.min(last, Integer.MAX_VALUE);
            }
            at++;
            depth--;
            return total;
        }

        private long atom(char c) {
            return switch (c) {
                case '(' -> alternatives() + 2;
                case '[' -> {
                    skipClass();
                    yield 1;
                }
                case '\\' -> {
                    at++;
                    yield 1;
                }
                // Repetition signs add to what is before them; counted braces after them apply to it as well.
                default -> 1;
            };
        }

        private void skipClass() {
            int start = at;
            while (at < text.length() && (text.charAt(at) != ']' || at == start)) {
                at += text.charAt(at) == '\\' ? 2 : 1;
            }
            at++;
        }

        /** Reads {@code n}, {@code n,} or {@code n,m} up to the brace; anything else is literal text, copied once. */
        private int copies() {
            int end = text.indexOf('}', at);
            if (end < 0) {
                return 1;
            }
            int most = 0;
            for (String part : text.substring(at, end).split(",", -1)) {
                if (!part.isEmpty() && part.chars().allMatch(Character::isDigit)) {
                    most = Math.max(most, part.length() > 4 ? MAX_COPIES : Integer.parseInt(part));
                } else if (!part.isEmpty()) {
                    return 1;
                }
            }
            at = end + 1;
            return most;
        }
    }
}
