package dev.gossamer.cli.ztunnel;

import dev.gossamer.cli.command.CommandException;
import dev.gossamer.cli.command.ExitCode;
import dev.gossamer.cli.command.Output;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ztunnel-config all}. Confined to the command's thread. */
@Command(
        name = "all",
        description = "Print everything that the ztunnels know.",
        footer = {"", "Examples:", "  ./gossamer ztunnel-config all --with-headers", "  ./gossamer zc all -o yaml"})
final class AllCommand implements Callable<Integer> {
    @Mixin
    private final DumpOptions source = new DumpOptions();

    @Mixin
    private final Output output = new Output();

    @Option(names = "--with-headers", description = "Name each section.")
    private boolean withHeaders;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws CommandException, InterruptedException {
        if (spec == null) {
            throw new IllegalStateException("not parsed");
        }
        var dump = source.read(spec.commandLine().getErr());
        var sections = new LinkedHashMap<String, DumpCommand>();
        sections.put("workloads", new WorkloadsCommand());
        sections.put("services", new ServicesCommand());
        sections.put("policies", new PoliciesCommand());
        sections.put("certificates", new CertificatesCommand());
        sections.put("connections", new ConnectionsCommand());
        var out = spec.commandLine().getOut();
        if (!output.format().isTable()) {
            var tree = new LinkedHashMap<String, Object>();
            sections.forEach((name, section) -> tree.put(name, section.select(dump)));
            output.print(out, tree);
            return ExitCode.OK.number();
        }
        boolean first = true;
        for (Map.Entry<String, DumpCommand> section : sections.entrySet()) {
            if (!first) {
                out.println();
            }
            first = false;
            if (withHeaders) {
                out.println("# " + section.getKey());
            }
            section.getValue().table(dump, section.getValue().select(dump)).print(out);
        }
        return ExitCode.OK.number();
    }
}
