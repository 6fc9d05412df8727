package dev.gossamer.cli.kubectl;

import dev.gossamer.cli.command.CommandException;
import dev.gossamer.cli.command.ExitCode;
import dev.gossamer.cli.command.Output;
import dev.gossamer.cli.command.Table;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.TableRow;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code get}. Confined to one command. */
final class GetVerb {
    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

    private final Resources resources;
    private final PrintWriter out;

    GetVerb(Resources resources, PrintWriter out) {
        this.resources = resources;
        this.out = out;
    }

    void run(Arguments arguments) throws CommandException {
        var targets = Targets.parse(resources, arguments.names());
        var format = arguments.value("output", "table");
        switch (format) {
            case "table", "wide" -> {
                for (var target : targets) {
                    table(target, arguments, format.equals("wide"));
                }
            }
            case "name" -> {
                for (var target : targets) {
                    for (var object : Targets.fetch(resources, target, arguments)) {
                        out.println(target.kind().describe(object.getMetadata().getName()));
                    }
                }
            }
            case "json", "yaml" -> tree(targets, arguments, format.equals("json"));
            default ->
                throw new CommandException(
                        ExitCode.USAGE,
                        "the built-in kubectl prints -o wide, name, json or yaml, not '" + format
                                + "'; install kubectl for others");
        }
    }

    private void tree(List<Targets.Named> targets, Arguments arguments, boolean json) throws CommandException {
        var objects = new ArrayList<GenericKubernetesResource>();
        for (var target : targets) {
            objects.addAll(Targets.fetch(resources, target, arguments));
        }
        objects.forEach(object -> object.getMetadata().setManagedFields(null));
        boolean single = objects.size() == 1
                && targets.size() == 1
                && targets.getFirst().names().size() == 1;
        Object tree;
        if (single) {
            tree = objects.getFirst();
        } else {
            var list = new LinkedHashMap<String, Object>();
            list.put("apiVersion", "v1");
            list.put("kind", "List");
            list.put("items", objects);
            tree = list;
        }
        out.print(json ? SERIALIZATION.asJson(tree) + "\n" : Output.yaml(tree));
    }

    private void table(Targets.Named target, Arguments arguments, boolean wide) throws CommandException {
        var kind = target.kind();
        boolean all = arguments.has("all-namespaces") && kind.isNamespaced();
        var selector = arguments.value("selector");
        var operation = all ? resources.of(kind).inAnyNamespace() : resources.in(kind, arguments.namespace());
        var table = selector == null
                ? operation.listAsTable()
                : operation.withLabelSelector(selector).listAsTable();
        var columns = new ArrayList<Integer>();
        var headings = new ArrayList<String>();
        if (all) {
            headings.add("NAMESPACE");
        }
        for (int i = 0; i < table.getColumnDefinitions().size(); i++) {
            var column = table.getColumnDefinitions().get(i);
            if (wide || column.getPriority() == null || column.getPriority() == 0) {
                columns.add(i);
                headings.add(column.getName().toUpperCase(java.util.Locale.ROOT));
            }
        }
        var printed = new Table(headings.toArray(String[]::new));
        var missing = new ArrayList<>(target.names());
        for (var row : table.getRows()) {
            var metadata = metadata(row);
            var name = String.valueOf(metadata.get("name"));
            if (target.names().isEmpty() || missing.remove(name)) {
                var cells = new ArrayList<String>();
                if (all) {
                    cells.add(String.valueOf(metadata.get("namespace")));
                }
                columns.forEach(i -> cells.add(String.valueOf(row.getCells().get(i))));
                printed.add(cells.toArray(String[]::new));
            }
        }
        if (!missing.isEmpty() && !arguments.has("ignore-not-found")) {
            throw new CommandException(ExitCode.NOT_FOUND, kind.describe(missing.getFirst()) + " not found");
        }
        if (printed.isEmpty()) {
            out.println(
                    kind.isNamespaced() && !all
                            ? "No resources found in " + arguments.namespace() + " namespace."
                            : "No resources found");
        } else {
            printed.print(out);
        }
    }

    private static Map<?, ?> metadata(TableRow row) {
        Map<?, ?> object = SERIALIZATION.convertValue(row.getObject(), Map.class);
        return object.get("metadata") instanceof Map<?, ?> metadata ? metadata : Map.of();
    }
}
