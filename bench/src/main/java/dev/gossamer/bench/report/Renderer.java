package dev.gossamer.bench.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes results for people and for programs. Stateless. */
public final class Renderer {
    private static final List<String> COLOURS =
            List.of("#90a4ae", "#ef6c00", "#6a1b9a", "#1565c0", "#2e7d32", "#c62828");

    private Renderer() {}

    public static String table(Results results) {
        var text = new StringBuilder("%-22s".formatted(""));
        var contenders = results.contenders();
        contenders.forEach(name -> text.append("%18s".formatted(name)));
        text.append('\n');
        for (var figure : Figure.values()) {
            text.append("%-22s".formatted(figure.title()));
            for (var contender : contenders) {
                text.append("%18s".formatted(number(results.median(contender, figure))));
            }
            text.append('\n');
        }
        results.absent()
                .forEach((name, why) -> text.append("left out: ")
                        .append(name)
                        .append(": ")
                        .append(why)
                        .append('\n'));
        return text.toString();
    }

    /** Every sample, so that whoever doubts a median can look behind it. */
    public static String json(Results results, String description) {
        var contenders = results.contenders().stream()
                .map(contender -> "    \"%s\": {\n%s\n    }".formatted(contender, figures(results, contender)))
                .collect(Collectors.joining(",\n"));
        return "{\n  \"run\": \"%s\",\n  \"contenders\": {\n%s\n  }\n}\n".formatted(description, contenders);
    }

    private static String figures(Results results, String contender) {
        return Arrays.stream(Figure.values())
                .filter(figure -> !results.samples(contender, figure).isEmpty())
                .map(figure -> "      \"%s\": {\"median\": %s, \"samples\": %s}"
                        .formatted(
                                figure.name().toLowerCase(Locale.ROOT),
                                results.median(contender, figure),
                                results.samples(contender, figure)))
                .collect(Collectors.joining(",\n"));
    }

    /** One row of bars a figure, each row to its own scale. */
    public static String svg(Results results, String description) {
        var contenders = results.contenders();
        int rowHeight = contenders.size() * 16 + 30;
        int height = 60 + Figure.values().length * rowHeight;
        var svg = new StringBuilder(
                ("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 900 %d\" font-family=\"system-ui,"
                                + " sans-serif\" font-size=\"12\">\n<rect width=\"900\" height=\"%d\" fill=\"#fff\"/>\n<text x=\"20\""
                                + " y=\"28\" font-size=\"15\" font-weight=\"600\">%s</text>\n")
                        .formatted(height, height, description));
        int y = 60;
        for (var figure : Figure.values()) {
            svg.append(
                    "<text x=\"20\" y=\"%d\" font-weight=\"600\">%s</text><text x=\"230\" y=\"%d\" fill=\"#607d8b\">%s; %s is better</text>\n"
                            .formatted(
                                    y,
                                    figure.title(),
                                    y,
                                    figure.explanation(),
                                    figure.moreIsBetter() ? "more" : "less"));
            row(results, contenders, figure, y, svg);
            y += rowHeight;
        }
        return svg.append("</svg>\n").toString();
    }

    private static void row(Results results, List<String> contenders, Figure figure, int top, StringBuilder svg) {
        double most = 0;
        for (var contender : contenders) {
            var value = results.median(contender, figure);
            most = Math.max(most, value == null ? 0 : value);
        }
        int y = top + 8;
        for (int i = 0; i < contenders.size(); i++) {
            var value = results.median(contenders.get(i), figure);
            double width = value == null || most == 0 ? 0 : value / most * 520;
            svg.append(
                    "<text x=\"20\" y=\"%d\">%s</text><rect x=\"230\" y=\"%d\" width=\"%.1f\" height=\"12\" fill=\"%s\"/><text x=\"%.1f\" y=\"%d\">%s</text>\n"
                            .formatted(
                                    y + 10,
                                    contenders.get(i),
                                    y,
                                    width,
                                    COLOURS.get(i % COLOURS.size()),
                                    236 + width,
                                    y + 10,
                                    number(value)));
            y += 16;
        }
    }

    private static String number(@Nullable Double value) {
        if (value == null) {
            return "–";
        }
        return String.format(
                Locale.ROOT, value >= 1000 ? "%,.0f" : value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }
}
