package dev.gossamer.ztunnel.config;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Further gRPC metadata that an operator asks for. Stateless. */
final class Headers {
    private Headers() {}

    static Map<String, String> of(Map<String, String> settings) {
        var headers = new HashMap<String, String>();
        settings.forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        return headers;
    }
}
