package dev.gossamer.cli.ztunnel;

import dev.gossamer.cli.command.CommandException;
import dev.gossamer.cli.command.ExitCode;
import dev.gossamer.cli.command.Output;
import dev.gossamer.cli.command.Table;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** One section of the dump: chosen, then shown as a table or as it came. Confined to the command's thread. */
abstract class DumpCommand implements Callable<Integer> {
    @Mixin
    private final DumpOptions source = new DumpOptions();

    @Mixin
    private final Output output = new Output();

    @Spec
    private @Nullable CommandSpec spec;

    /** What to show. */
    abstract List<JsonNode> select(ConfigDump dump);

    abstract Table table(ConfigDump dump, List<JsonNode> selected);

    @Override
    public Integer call() throws CommandException, InterruptedException {
        if (spec == null) {
            throw new IllegalStateException("not parsed");
        }
        var dump = source.read(spec.commandLine().getErr());
        var selected = select(dump);
        var out = spec.commandLine().getOut();
        if (output.format().isTable()) {
            table(dump, selected).print(out);
        } else {
            output.print(out, selected);
        }
        return ExitCode.OK.number();
    }

    /** Whether a filter that may be absent lets a value pass. */
    static boolean passes(@Nullable String filter, String value) {
        return filter == null || filter.equals(value);
    }
}
