package dev.gossamer.lab;

import dev.gossamer.core.config.InvalidSettingsException;
import dev.gossamer.core.config.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the lab's runtime is told by whoever starts it, as arguments {@code KEY=value}.
 *
 * <p>Immutable.
 *
 * @param port of the API server on this machine, outside the lab
 * @param startSocket where the listening socket comes from and progress goes to
 */
record RuntimeSettings(
        Path state,
        Path startSocket,
        int port,
        int nodes,
        boolean bare,
        String profile,
        @Nullable Path images,
        @Nullable Path data,
        Path home) {
    /** The key that also marks a lab's processes. */
    static final String STATE = "LAB_STATE";

    static RuntimeSettings read(List<String> arguments) throws InvalidSettingsException {
        var values = new LinkedHashMap<String, String>();
        for (var argument : arguments) {
            int equals = argument.indexOf('=');
            values.put(equals < 0 ? argument : argument.substring(0, equals), argument.substring(equals + 1));
        }
        var settings = Settings.of(values);
        var why = "the lab's runtime is started by 'gossamer lab up', not by hand";
        var images = settings.optionalText("IMAGES");
        var data = settings.optionalText("DATA");
        var read = new RuntimeSettings(
                Path.of(settings.requiredText(STATE, why)),
                Path.of(settings.requiredText("START_SOCKET", why)),
                settings.port("PORT", LabOptions.DEFAULT_PORT),
                settings.number("NODES", LabOptions.DEFAULT_NODES, 1, 200),
                settings.flag("BARE", false),
                settings.text("PROFILE", LabOptions.DEFAULT_PROFILE),
                images == null ? null : Path.of(images),
                data == null ? null : Path.of(data),
                Path.of(settings.requiredText("HOME_DIRECTORY", why)));
        settings.requireValid();
        return read;
    }

    List<String> arguments() {
        var arguments = new ArrayList<>(List.of(
                STATE + "=" + state,
                "START_SOCKET=" + startSocket,
                "PORT=" + port,
                "NODES=" + nodes,
                "BARE=" + bare,
                "PROFILE=" + profile,
                "HOME_DIRECTORY=" + home));
        if (images != null) {
            arguments.add("IMAGES=" + images);
        }
        if (data != null) {
            arguments.add("DATA=" + data);
        }
        return arguments;
    }

    /** What a lab's programs find in their environment beside their own. */
    Map<String, String> programEnvironment(Settings environment) {
        var variables = new LinkedHashMap<String, String>();
        variables.put("GOSSAMER_HOME", home.toString());
        for (var key : List.of("JAVA_HOME", "GOSSAMER_JAVA_HOME", "GOSSAMER_JAVA_OPTS")) {
            var value = environment.optionalText(key);
            if (value != null) {
                variables.put(key, value);
            }
        }
        // Where the node agent finds the namespaces of pods here; on a cluster it looks for the pods' processes.
        variables.put("NETNS_DIR", "/run/netns");
        return variables;
    }
}
