package dev.gossamer.cli.authn;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code authn}. Confined to the command's thread. */
@Command(
        name = "authn",
        description = "Look into who authenticates to whom.",
        subcommands = TlsCheckCommand.class,
        synopsisSubcommandLabel = "COMMAND")
public final class AuthnCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    private AuthnCommand() {}

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(spec.commandLine(), "authn needs a command: tls-check");
        }
    }
}
