package dev.gossamer.core.telemetry;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** How a log line is written. Immutable. */
public enum LogFormat {
    /** {@code <time> TAB level TAB target TAB message TAB key=value key=value}. */
    PLAIN {
        @Override
        void append(LogEntry entry, StringBuilder out) {
            appendTime(entry.time(), out);
            out.append('\t').append(entry.level().text());
            out.append('\t').append(entry.target()).append('\t');
            appendOneLine(entry.message(), out);
            char separator = '\t';
            for (var field : entry.fields()) {
                out.append(separator).append(field.key()).append('=');
                switch (field) {
                    case LogField.Text value -> appendQuoted(value.value(), out);
                    case LogField.Bare value -> out.append(value.value());
                    case LogField.Count value -> out.append(value.value());
                }
                separator = ' ';
            }
            out.append('\n');
            if (entry.thrown() != null) {
                out.append(stackTrace(entry.thrown()));
            }
        }
    },

    /** One object a line, the fields beside level, time, scope and message. */
    JSON {
        @Override
        void append(LogEntry entry, StringBuilder out) {
            out.append("{\"level\":\"").append(entry.level().text()).append("\",\"time\":\"");
            appendTime(entry.time(), out);
            out.append("\",\"scope\":");
            appendQuoted(entry.target(), out);
            out.append(",\"message\":");
            appendQuoted(entry.message(), out);
            for (var field : entry.fields()) {
                out.append(',');
                appendQuoted(field.key(), out);
                out.append(':');
                switch (field) {
                    case LogField.Text value -> appendQuoted(value.value(), out);
                    case LogField.Bare value -> appendQuoted(value.value(), out);
                    case LogField.Count value -> out.append(value.value());
                }
            }
            if (entry.thrown() != null) {
                out.append(",\"stack\":");
                appendQuoted(stackTrace(entry.thrown()), out);
            }
            out.append("}\n");
        }
    };

    private static final DateTimeFormatter TO_SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

    /** Adds the line and its end. */
    abstract void append(LogEntry entry, StringBuilder out);

    private static void appendTime(Instant time, StringBuilder out) {
        TO_SECONDS.formatTo(time, out);
        // RFC 3339 with six digits, always: lines of one log then sort as text.
        int micros = time.getNano() / 1_000;
        out.append('.');
        for (int digit = 100_000; digit > 0; digit /= 10) {
            out.append((char) ('0' + micros / digit % 10));
        }
        out.append('Z');
    }

    /** A message may hold what a peer sent: it must not be able to begin a line of its own. */
    private static void appendOneLine(String text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ') {
                appendEscaped(c, out);
            } else {
                out.append(c);
            }
        }
    }

    /** RFC 8259, section 7. */
    private static void appendQuoted(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                appendEscaped(c, out);
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private static void appendEscaped(char c, StringBuilder out) {
        switch (c) {
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> out.append(String.format("\\u%04x", (int) c));
        }
    }

    private static String stackTrace(Throwable thrown) {
        var text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
