package dev.gossamer.cli.kubectl;

import dev.gossamer.cli.command.CommandException;
import dev.gossamer.cli.command.ExitCode;
import dev.gossamer.cli.command.Output;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** {@code apply}, {@code label}, {@code annotate}, {@code patch}, {@code delete}. Confined to one command. */
final class ChangeVerbs {
    private static final String MANAGER = "kubectl";

    private final KubernetesClient client;
    private final Resources resources;
    private final PrintWriter out;

    ChangeVerbs(KubernetesClient client, Resources resources, PrintWriter out) {
        this.client = client;
        this.resources = resources;
        this.out = out;
    }

    void run(String verb, Arguments arguments) throws CommandException {
        switch (verb) {
            case "apply" -> apply(arguments);
            case "label" -> mark("labels", "labeled", arguments);
            case "annotate" -> mark("annotations", "annotated", arguments);
            case "patch" -> patch(arguments);
            case "delete" -> delete(arguments);
            default -> throw new IllegalArgumentException(verb);
        }
    }

    private void apply(Arguments arguments) throws CommandException {
        for (var object : files(arguments)) {
            var kind = resources.find(object.getKind());
            if (object.getMetadata().getNamespace() == null && kind.isNamespaced()) {
                object.getMetadata().setNamespace(arguments.namespace());
            }
            client.resource(object).fieldManager(MANAGER).forceConflicts().serverSideApply();
            out.println(kind.describe(object.getMetadata().getName()) + " serverside-applied");
        }
    }

    private List<HasMetadata> files(Arguments arguments) throws CommandException {
        var file = arguments.value("filename");
        if (file == null) {
            throw new CommandException(ExitCode.USAGE, "name the manifests with -f FILE, -f DIRECTORY or -f -");
        }
        var objects = new ArrayList<HasMetadata>();
        try {
            if (file.equals("-")) {
                objects.addAll(load(System.in.readAllBytes(), "standard input"));
            } else if (Files.isDirectory(Path.of(file))) {
                try (var paths = Files.list(Path.of(file))) {
                    for (var path : paths.filter(each -> each.toString().matches(".*\\.(ya?ml|json)"))
                            .sorted()
                            .toList()) {
                        objects.addAll(load(Files.readAllBytes(path), path.toString()));
                    }
                }
            } else {
                objects.addAll(load(Files.readAllBytes(Path.of(file)), file));
            }
        } catch (IOException e) {
            throw new CommandException(ExitCode.NOT_FOUND, "cannot read " + file + ": is the path right?", e);
        }
        return objects;
    }

    private List<HasMetadata> load(byte[] content, String from) throws CommandException {
        try (InputStream stream = new java.io.ByteArrayInputStream(content)) {
            return client.load(stream).items();
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            throw new CommandException(ExitCode.FAILED, from + " is not a Kubernetes manifest: " + e.getMessage(), e);
        }
    }

    private void mark(String field, String done, Arguments arguments) throws CommandException {
        var targets = new ArrayList<String>();
        var changes = new LinkedHashMap<String, @Nullable String>();
        for (var word : arguments.names()) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                changes.put(word.substring(0, equals), word.substring(equals + 1));
            } else if (word.endsWith("-") && targets.size() > 1 || word.endsWith("-") && word.contains(".")) {
                changes.put(word.substring(0, word.length() - 1), null);
            } else {
                targets.add(word);
            }
        }
        if (changes.isEmpty()) {
            throw new CommandException(
                    ExitCode.USAGE, "name the changes: KEY=VALUE to set, KEY- to remove (after the object's name)");
        }
        for (var target : Targets.parse(resources, targets)) {
            requireNames(target, arguments);
            for (var object : Targets.fetch(resources, target, arguments)) {
                refuseOverwriting(object, field, changes, arguments);
                var patch = json(Map.of("metadata", Map.of(field, changes)));
                resource(target, object, arguments).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
                out.println(target.kind().describe(object.getMetadata().getName()) + " "
                        + (changes.values().stream().allMatch(java.util.Objects::isNull) && field.equals("labels")
                                ? "unlabeled"
                                : done));
            }
        }
    }

    private static void refuseOverwriting(
            GenericKubernetesResource object, String field, Map<String, @Nullable String> changes, Arguments arguments)
            throws CommandException {
        var present = field.equals("labels")
                ? object.getMetadata().getLabels()
                : object.getMetadata().getAnnotations();
        if (arguments.has("overwrite") || present == null) {
            return;
        }
        for (var change : changes.entrySet()) {
            var known = present.get(change.getKey());
            var wanted = change.getValue();
            if (known != null && wanted != null && !known.equals(wanted)) {
                throw new CommandException(
                        ExitCode.FAILED,
                        "'" + change.getKey() + "' already has a value (" + known + "), and --overwrite is not given");
            }
        }
    }

    private void patch(Arguments arguments) throws CommandException {
        var patch = arguments.value("patch");
        if (patch == null) {
            throw new CommandException(ExitCode.USAGE, "give the patch with -p JSON");
        }
        var type =
                switch (arguments.value("type", "strategic")) {
                    case "merge" -> PatchType.JSON_MERGE;
                    case "json" -> PatchType.JSON;
                    case "strategic" -> PatchType.STRATEGIC_MERGE;
                    default -> throw new CommandException(ExitCode.USAGE, "--type is one of json, merge, strategic");
                };
        for (var target : Targets.parse(resources, arguments.names())) {
            requireNames(target, arguments);
            for (var object : Targets.fetch(resources, target, arguments)) {
                resource(target, object, arguments).patch(PatchContext.of(type), patch);
                out.println(target.kind().describe(object.getMetadata().getName()) + " patched");
            }
        }
    }

    private void delete(Arguments arguments) throws CommandException {
        if (arguments.value("filename") != null) {
            for (var object : files(arguments).reversed()) {
                var kind = resources.find(object.getKind());
                if (object.getMetadata().getNamespace() == null && kind.isNamespaced()) {
                    object.getMetadata().setNamespace(arguments.namespace());
                }
                client.resource(object)
                        .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                        .delete();
                deleted(kind, object.getMetadata().getName());
            }
            return;
        }
        for (var target : Targets.parse(resources, arguments.names())) {
            requireNames(target, arguments);
            for (var object : Targets.fetch(resources, target, arguments)) {
                resource(target, object, arguments)
                        .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                        .delete();
                deleted(target.kind(), object.getMetadata().getName());
            }
        }
    }

    private void deleted(Resources.Served kind, String name) {
        var text = kind.describe(name);
        int slash = text.indexOf('/');
        out.println(text.substring(0, slash) + " \"" + name + "\" deleted");
    }

    /** Nothing is to happen to everything only because a name was forgotten. */
    private static void requireNames(Targets.Named target, Arguments arguments) throws CommandException {
        if (target.names().isEmpty() && !arguments.has("all") && arguments.value("selector") == null) {
            throw new CommandException(ExitCode.USAGE, "name the objects, select them with -l, or say --all");
        }
    }

    private io.fabric8.kubernetes.client.dsl.Resource<GenericKubernetesResource> resource(
            Targets.Named target, GenericKubernetesResource object, Arguments arguments) {
        var namespace = object.getMetadata().getNamespace();
        return resources
                .in(target.kind(), namespace == null ? arguments.namespace() : namespace)
                .withName(object.getMetadata().getName());
    }

    private static String json(Object tree) {
        return Output.JSON.valueToTree(tree).toString();
    }
}
