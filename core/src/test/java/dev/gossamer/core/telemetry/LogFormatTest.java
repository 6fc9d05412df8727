package dev.gossamer.core.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LogFormatTest {
    private static final Instant TIME = Instant.parse("2026-03-04T05:06:07.000089Z");

    @Test
    void writesAPlainLineWithTabsAndFields() {
        assertThat(line(LogFormat.PLAIN, "connection complete", null))
                .isEqualTo("2026-03-04T05:06:07.000089Z\tinfo\taccess\tconnection complete\t"
                        + "src.addr=10.0.0.1:80 src.workload=\"a\\\"b\" bytes_sent=7\n");
    }

    @Test
    void writesJsonWithFlatFields() {
        assertThat(line(LogFormat.JSON, "connection complete", null))
                .isEqualTo("{\"level\":\"info\",\"time\":\"2026-03-04T05:06:07.000089Z\",\"scope\":\"access\","
                        + "\"message\":\"connection complete\",\"src.addr\":\"10.0.0.1:80\","
                        + "\"src.workload\":\"a\\\"b\",\"bytes_sent\":7}\n");
    }

    @Test
    void keepsWhatAPeerSentOnOneLine() {
        assertThat(line(LogFormat.PLAIN, "bad\nline\u0001", null))
                .contains("\tbad\\nline\\u0001\t")
                .containsOnlyOnce("\n");
    }

    @Test
    void writesAStackTraceAfterAPlainLineAndInsideAJsonOne() {
        var thrown = new IllegalStateException("broken");

        assertThat(line(LogFormat.PLAIN, "m", thrown))
                .contains("bytes_sent=7\njava.lang.IllegalStateException: broken");
        assertThat(line(LogFormat.JSON, "m", thrown))
                .contains("\"stack\":\"java.lang.IllegalStateException: broken\\n\\tat ")
                .containsOnlyOnce("\n");
    }

    private static String line(LogFormat format, String message, @Nullable Throwable thrown) {
        var out = new StringBuilder();
        var fields = List.<LogField>of(
                new LogField.Bare("src.addr", "10.0.0.1:80"),
                new LogField.Text("src.workload", "a\"b"),
                new LogField.Count("bytes_sent", 7));
        format.append(new LogEntry(TIME, LogLevel.INFO, "access", message, fields, thrown), out);
        return out.toString();
    }
}
