package dev.gossamer.bench;

import java.io.IOException;
import java.util.regex.Pattern;

/** One line that the load's client answered. Immutable. */
record Answer(String json) {
    double number(String key) throws IOException {
        var matcher = Pattern.compile("\"" + key + "\":([0-9.eE+-]+)").matcher(json);
        if (!matcher.find()) {
            throw new IOException("the load's client did not say " + key + ": " + json);
        }
        return Double.parseDouble(matcher.group(1));
    }
}
