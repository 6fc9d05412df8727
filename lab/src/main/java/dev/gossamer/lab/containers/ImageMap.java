package dev.gossamer.lab.containers;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which program each image name stands for.
 *
 * <p>A lab has no registry and no file system images: an image is only a name. Immutable.
 */
public final class ImageMap {
    private static final Set<String> KEYS = Set.of("command", "args", "env", "workingDir");
    private static final List<String> BUILT_IN = List.of("control-plane", "node-agent", "ztunnel", "demo");

    private final Map<String, Program> programs;

    private ImageMap(Map<String, Program> programs) {
        this.programs = Map.copyOf(programs);
    }

    /** This distribution's own programs. {@code home}: where its launcher stands. */
    public static ImageMap builtIn(Path home, Map<String, String> env) {
        var programs = new HashMap<String, Program>();
        for (var role : BUILT_IN) {
            programs.put(
                    "gossamer/" + role,
                    new Program(List.of(home.resolve("gossamer").toString(), role), List.of(), env, "/"));
        }
        return new ImageMap(programs);
    }

    /**
     * This map, with the entries of a YAML file added: image name → {@code command}, {@code args},
     * {@code env}, {@code workingDir}.
     *
     * @throws InvalidImageMapException if the file cannot be read as such
     */
    public ImageMap with(Path file) throws InvalidImageMapException {
        var all = new HashMap<>(programs);
        try {
            var content = Serialization.unmarshal("---\n" + Files.readString(file), Object.class);
            if (!(content instanceof Map<?, ?> entries)) {
                throw new InvalidImageMapException(file + ": must be a map from image names to programs");
            }
            for (var entry : entries.entrySet()) {
                var image = String.valueOf(entry.getKey());
                all.put(normal(image), program(file + ": image " + image, entry.getValue()));
            }
        } catch (IOException e) {
            throw new InvalidImageMapException("cannot read the image map " + file + ": " + e.getMessage());
        } catch (RuntimeException e) {
            // The client library, Jackson and the YAML parser below it each have exceptions of their own.
            throw new InvalidImageMapException(file + " is not YAML: " + e.getMessage());
        }
        return new ImageMap(all);
    }

    private static Program program(String where, @Nullable Object value) throws InvalidImageMapException {
        if (!(value instanceof Map<?, ?> fields)) {
            throw new InvalidImageMapException(where + ": must have a command, such as {command: [/usr/bin/env]}");
        }
        for (var key : fields.keySet()) {
            if (!KEYS.contains(String.valueOf(key))) {
                throw new InvalidImageMapException(
                        where + ": unknown key '" + key + "', known are command, args, env, workingDir");
            }
        }
        var command = texts(where + ": command", fields.get("command"));
        if (command.isEmpty()) {
            throw new InvalidImageMapException(where + ": command is missing");
        }
        var env = new HashMap<String, String>();
        if (fields.get("env") instanceof Map<?, ?> values) {
            values.forEach((name, text) -> env.put(String.valueOf(name), String.valueOf(text)));
        } else if (fields.get("env") != null) {
            throw new InvalidImageMapException(where + ": env must be a map of names to values");
        }
        return new Program(command, texts(where + ": args", fields.get("args")), env, workingDirectory(where, fields));
    }

    private static @Nullable String workingDirectory(String where, Map<?, ?> fields) throws InvalidImageMapException {
        var value = fields.get("workingDir");
        if (value == null || value instanceof String text && text.startsWith("/")) {
            return (String) value;
        }
        throw new InvalidImageMapException(where + ": workingDir must be an absolute path");
    }

    private static List<String> texts(String where, @Nullable Object value) throws InvalidImageMapException {
        return switch (value) {
            case null -> List.of();
            case List<?> list -> list.stream().map(String::valueOf).toList();
            case String text -> List.of(text);
            default -> throw new InvalidImageMapException(where + " must be a list of texts");
        };
    }

    /** The program of {@code image}: by its whole name if that is listed, else whatever its tag or digest. */
    public @Nullable Program find(String image) {
        var name = normal(image);
        var exact = programs.get(name);
        return exact != null ? exact : programs.get(withoutTag(name));
    }

    /** What a user is told whose image is not listed. */
    public static String howToMap(String image) {
        return "image \"" + image
                + "\" is not mapped to a program of this machine: start the lab with --images FILE, the"
                + " file holding a line such as '" + withoutTag(normal(image))
                + ": {command: [/path/to/program], args: [], env: {}}'";
    }

    private static String normal(String image) {
        var name = image;
        for (var prefix : List.of("docker.io/library/", "docker.io/", "index.docker.io/")) {
            if (name.startsWith(prefix)) {
                name = name.substring(prefix.length());
                break;
            }
        }
        return name;
    }

    private static String withoutTag(String image) {
        int at = image.indexOf('@');
        var name = at < 0 ? image : image.substring(0, at);
        int colon = name.lastIndexOf(':');
        // A colon before the last slash is that of a registry's port.
        return colon > name.lastIndexOf('/') ? name.substring(0, colon) : name;
    }
}
