package dev.gossamer.cli.install;

import dev.gossamer.cli.command.CommandException;
import dev.gossamer.cli.command.ExitCode;
import dev.gossamer.kube.install.InvalidValuesException;
import dev.gossamer.kube.install.Manifests;
import dev.gossamer.kube.install.Values;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What an installation is to look like. Confined to the command's thread. */
final class ValuesOptions {
    @Option(
            names = {"-s", "--set"},
            paramLabel = "KEY=VALUE",
            description = {
                "Change a value; may be repeated. Keys: profile (ambient or minimal), hub, tag,",
                "meshConfig.FIELD, values.COMPONENT.env.NAME, and others; an unknown one is answered with those like it."
            })
    private List<String> changes = new ArrayList<>();

    /** {@code namespace} is what the flag for it says, which {@code --set} may override. */
    Manifests manifests(String namespace) throws CommandException {
        var all = new ArrayList<String>();
        all.add("global.istioNamespace=" + namespace);
        all.addAll(changes);
        try {
            return Manifests.render(Values.parse(all));
        } catch (InvalidValuesException e) {
            throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }
}
