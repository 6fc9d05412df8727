package dev.gossamer.cli.ztunnel;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ztunnel-config}. Confined to the command's thread. */
@Command(
        name = "ztunnel-config",
        aliases = "zc",
        description = {
            "Look into the node proxies: what they were told, what they hold and carry. Without further flags, all of them",
            "are asked, and what they agree on is shown once."
        },
        subcommands = {
            WorkloadsCommand.class,
            ServicesCommand.class,
            PoliciesCommand.class,
            CertificatesCommand.class,
            ConnectionsCommand.class,
            AllCommand.class,
            LogCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Examples:", "  ./gossamer ztunnel-config workloads", "  ./gossamer zc certs"})
public final class ZtunnelConfigCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    private ZtunnelConfigCommand() {}

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "ztunnel-config needs a command: workloads, services, policies, certificates, connections, all or log");
        }
    }
}
