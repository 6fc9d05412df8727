package dev.gossamer.cli.kubectl;

import dev.gossamer.cli.command.CommandException;
import dev.gossamer.cli.command.Output;
import dev.gossamer.cli.command.Table;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.PrintWriter;

/** {@code describe}: the object as YAML without its bookkeeping, and what happened to it. Confined to one command. */
final class DescribeVerb {
    private final KubernetesClient client;
    private final Resources resources;
    private final PrintWriter out;

    DescribeVerb(KubernetesClient client, Resources resources, PrintWriter out) {
        this.client = client;
        this.resources = resources;
        this.out = out;
    }

    void run(Arguments arguments) throws CommandException {
        boolean first = true;
        for (var target : Targets.parse(resources, arguments.names())) {
            for (var object : Targets.fetch(resources, target, arguments)) {
                if (!first) {
                    out.println("\n");
                }
                first = false;
                object.getMetadata().setManagedFields(null);
                out.print(Output.yaml(object));
                events(object);
            }
        }
    }

    private void events(GenericKubernetesResource object) {
        var namespace = object.getMetadata().getNamespace();
        var table = new Table("TYPE", "REASON", "LAST SEEN", "FROM", "MESSAGE");
        client.v1()
                .events()
                .inNamespace(namespace == null ? "default" : namespace)
                .withField("involvedObject.uid", object.getMetadata().getUid())
                .list()
                .getItems()
                .forEach(event -> table.add(
                        String.valueOf(event.getType()),
                        String.valueOf(event.getReason()),
                        event.getLastTimestamp() == null ? "" : event.getLastTimestamp(),
                        event.getSource() == null || event.getSource().getComponent() == null
                                ? ""
                                : event.getSource().getComponent(),
                        event.getMessage() == null ? "" : event.getMessage()));
        out.println("Events:" + (table.isEmpty() ? "  <none>" : ""));
        if (!table.isEmpty()) {
            table.print(out);
        }
    }
}
