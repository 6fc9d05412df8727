package dev.gossamer.ztunnel;

import dev.gossamer.core.telemetry.LogField;
import java.util.List;
import java.util.stream.Collectors;

/** Fields as {@code key=value}, without quotes. */
final class LogLines {
    private LogLines() {}

    static String text(List<LogField> fields) {
        return fields.stream()
                .map(field -> switch (field) {
                    case LogField.Text text -> text.key() + "=" + text.value();
                    case LogField.Bare bare -> bare.key() + "=" + bare.value();
                    case LogField.Count count -> count.key() + "=" + count.value();
                })
                .collect(Collectors.joining(" "));
    }
}
