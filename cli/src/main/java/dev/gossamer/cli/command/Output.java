package dev.gossamer.cli.command;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.PrintWriter;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The format flag, and printing in it. Confined to the command's thread. */
public final class Output {
    /** The trees that are printed here. Thread-safe. */
    public static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "One of table, short (the same), json, yaml. Default: ${DEFAULT-VALUE}.")
    private OutputFormat format = OutputFormat.TABLE;

    public OutputFormat format() {
        return format;
    }

    /** Prints a tree as JSON or YAML. */
    public void print(PrintWriter out, Object tree) {
        switch (format) {
            case JSON -> out.println(json(tree));
            case YAML -> out.print(yaml(tree));
            case TABLE, SHORT -> throw new IllegalStateException("a table is rendered by its command");
        }
        out.flush();
    }

    private static String json(Object tree) {
        try {
            return JSON.writeValueAsString(tree);
        } catch (JacksonException e) {
            throw new IllegalStateException("not a tree: " + tree.getClass(), e);
        }
    }

    /** As {@code kubectl} prints it: without the marker of a new document. */
    public static String yaml(Object tree) {
        var text = new KubernetesSerialization().asYaml(tree);
        return text.startsWith("---") ? text.substring(text.indexOf('\n') + 1) : text;
    }
}
