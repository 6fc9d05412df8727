package dev.gossamer.lab.containers;

import java.util.Map;

/** {@code $(NAME)} in commands, arguments and values of environment variables. Immutable. */
final class VariableExpansion {
    private VariableExpansion() {}

    /** Replaces each reference to a known variable; {@code $$} stands for one dollar, all else stays as it is. */
    static String expand(String text, Map<String, String> variables) {
        var result = new StringBuilder(text.length());
        int position = 0;
        while (position < text.length()) {
            char c = text.charAt(position);
            char next = position + 1 < text.length() ? text.charAt(position + 1) : 0;
            int end = c == '$' && next == '(' ? text.indexOf(')', position + 2) : -1;
            if (c == '$' && next == '$') {
                result.append('$');
                position += 2;
            } else if (end > 0) {
                var value = variables.get(text.substring(position + 2, end));
                result.append(value == null ? text.substring(position, end + 1) : value);
                position = end + 1;
            } else {
                result.append(c);
                position++;
            }
        }
        return result.toString();
    }
}
