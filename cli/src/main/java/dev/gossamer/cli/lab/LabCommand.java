package dev.gossamer.cli.lab;

import dev.gossamer.cli.command.CommandException;
import dev.gossamer.cli.command.ExitCode;
import dev.gossamer.cli.command.Output;
import dev.gossamer.cli.command.Table;
import dev.gossamer.cli.kubectl.Kubectl;
import dev.gossamer.lab.Lab;
import dev.gossamer.lab.LabException;
import dev.gossamer.lab.LabOptions;
import dev.gossamer.lab.LabStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lab}. Confined to the command's thread. */
@Command(
        name = "lab",
        description =
                "A whole mesh on this machine: API server, nodes, control plane and demo, without a cluster or root.",
        subcommands = {
            LabCommand.Up.class,
            LabCommand.Down.class,
            LabCommand.Status.class,
            LabCommand.Env.class,
            LabCommand.KubectlInLab.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Examples:", "  ./gossamer lab up", "  eval \"$(./gossamer lab env)\"", "  ./gossamer lab down"})
public final class LabCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    private LabCommand() {}

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(spec.commandLine(), "lab needs a command: up, down, status, env or kubectl");
        }
    }

    /** What works on one lab. Confined to the command's thread. */
    abstract static class OnLab implements Callable<Integer> {
        @Option(
                names = "--name",
                paramLabel = "NAME",
                defaultValue = LabOptions.DEFAULT_NAME,
                description = "Which lab; several can stand side by side. Default: ${DEFAULT-VALUE}.")
        private String name = LabOptions.DEFAULT_NAME;

        @Spec
        private @Nullable CommandSpec spec;

        final String name() {
            return name;
        }

        final CommandSpec spec() {
            if (spec == null) {
                throw new IllegalStateException("not parsed");
            }
            return spec;
        }

        final void println(String line) {
            spec().commandLine().getOut().println(line);
            spec().commandLine().getOut().flush();
        }

        abstract void run(Lab labs) throws LabException, CommandException, InterruptedException;

        @Override
        public final Integer call() throws CommandException, InterruptedException {
            try {
                run(Lab.ofThisUser());
                return ExitCode.OK.number();
            } catch (LabException e) {
                throw new CommandException(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
            }
        }
    }

    /** {@code lab up}. Confined to the command's thread. */
    @Command(
            name = "up",
            description = "Start a lab, install the mesh into it and run the demo.",
            footer = {
                "",
                "Examples:",
                "  ./gossamer lab up",
                "  ./gossamer lab up --name second --nodes 3",
                "  ./gossamer lab up --bare --images images.yaml"
            })
    static final class Up extends OnLab {
        @Option(
                names = "--nodes",
                paramLabel = "N",
                defaultValue = "" + LabOptions.DEFAULT_NODES,
                description = "Default: ${DEFAULT-VALUE}.")
        private int nodes = LabOptions.DEFAULT_NODES;

        @Option(names = "--bare", description = "Leave out the mesh and the demo.")
        private boolean bare;

        @Option(
                names = "--images",
                paramLabel = "FILE",
                description = "YAML that maps images to programs of this machine.")
        private @Nullable Path images;

        @Option(names = "--data", paramLabel = "DIR", description = "Keep the cluster's objects in this directory.")
        private @Nullable Path data;

        @Option(
                names = "--port",
                paramLabel = "PORT",
                description = "Of the API server. Default: 6443 or the next free one.")
        private @Nullable Integer port;

        @Option(
                names = "--profile",
                paramLabel = "NAME",
                defaultValue = LabOptions.DEFAULT_PROFILE,
                description = "Of the mesh's installation. Default: ${DEFAULT-VALUE}.")
        private String profile = LabOptions.DEFAULT_PROFILE;

        @Override
        void run(Lab labs) throws LabException, InterruptedException {
            var options = new LabOptions(name(), images, data, bare, nodes, port, profile);
            var status = labs.up(options, this::println);
            var flag = name().equals(LabOptions.DEFAULT_NAME) ? "" : " --name " + name();
            println("");
            println("The lab '" + status.name() + "' is up; its API server listens on 127.0.0.1:" + status.port()
                    + ".");
            println("Try next:");
            println("  eval \"$(./gossamer lab env" + flag + ")\"");
            println("  kubectl get pods -A -o wide             # or: ./gossamer kubectl get pods -A -o wide");
            if (bare) {
                println("  ./gossamer install --set profile=ambient --skip-confirmation");
            } else {
                println("  kubectl label namespace production istio.io/dataplane-mode=ambient");
                println("  ./gossamer ztunnel-config workloads");
            }
            println("  ./gossamer lab down" + flag);
        }
    }

    /** {@code lab down}. Confined to the command's thread. */
    @Command(
            name = "down",
            description = "End a lab and remove all it left behind.",
            footer = {
                "",
                "Examples:",
                "  ./gossamer lab down",
                "  ./gossamer lab down --name second",
                "  ./gossamer lab down --all"
            })
    static final class Down extends OnLab {
        @Option(names = "--all", description = "Every lab of this user.")
        private boolean all;

        @Override
        void run(Lab labs) throws LabException, InterruptedException {
            var names = new ArrayList<String>();
            if (all) {
                labs.list().forEach(lab -> names.add(lab.name()));
            } else {
                names.add(name());
            }
            for (var each : names) {
                println(labs.down(each) ? "Lab '" + each + "' is down." : "There is no lab '" + each + "'.");
            }
        }
    }

    /** {@code lab status}. Confined to the command's thread. */
    @Command(
            name = "status",
            aliases = "list",
            description = "Print this user's labs.",
            footer = {"", "Examples:", "  ./gossamer lab status", "  ./gossamer lab status second -o json"})
    static final class Status extends OnLab {
        @Parameters(arity = "0..1", paramLabel = "NAME", description = "Only this one.")
        private @Nullable String only;

        @Mixin
        private final Output output = new Output();

        @Override
        void run(Lab labs) throws LabException {
            var found = only == null ? labs.list() : List.of(labs.status(only));
            if (!output.format().isTable()) {
                output.print(
                        spec().commandLine().getOut(),
                        found.stream().map(Status::tree).toList());
                return;
            }
            if (found.isEmpty()) {
                println("There is no lab: start one with 'gossamer lab up'.");
                return;
            }
            var table = new Table("NAME", "STATE", "PID", "PORT", "DIRECTORY");
            for (var lab : found) {
                table.add(
                        lab.name(),
                        lab.state().name().toLowerCase(Locale.ROOT),
                        lab.pid() == 0 ? "-" : String.valueOf(lab.pid()),
                        String.valueOf(lab.port()),
                        lab.directory().toString());
            }
            table.print(spec().commandLine().getOut());
        }

        private static LinkedHashMap<String, Object> tree(LabStatus lab) {
            var tree = new LinkedHashMap<String, Object>();
            tree.put("name", lab.name());
            tree.put("state", lab.state().name().toLowerCase(Locale.ROOT));
            tree.put("pid", lab.pid());
            tree.put("port", lab.port());
            tree.put("directory", lab.directory().toString());
            tree.put("kubeconfig", lab.kubeconfig().toString());
            return tree;
        }
    }

    /** {@code lab env}. Confined to the command's thread. */
    @Command(
            name = "env",
            description = "Print the shell command that makes kubectl use a lab.",
            footer = {"", "Examples:", "  eval \"$(./gossamer lab env)\""})
    static final class Env extends OnLab {
        @Override
        void run(Lab labs) throws LabException {
            println(labs.env(name()));
        }
    }

    /** {@code lab kubectl}. Confined to the command's thread. */
    @Command(
            name = "kubectl",
            description = "Run kubectl against a lab.",
            footer = {
                "",
                "Examples:",
                "  ./gossamer lab kubectl get pods -A",
                "  ./gossamer lab kubectl --name second get nodes"
            })
    static final class KubectlInLab implements Callable<Integer> {
        @Option(
                names = "--name",
                paramLabel = "NAME",
                defaultValue = LabOptions.DEFAULT_NAME,
                description = "Which lab. Default: ${DEFAULT-VALUE}.")
        private String name = LabOptions.DEFAULT_NAME;

        @Parameters(arity = "0..*", paramLabel = "ARGUMENT", description = "What kubectl is given.")
        private List<String> arguments = new ArrayList<>();

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() throws CommandException, InterruptedException {
            if (spec == null) {
                throw new IllegalStateException("not parsed");
            }
            try {
                var file = Lab.ofThisUser().kubeconfig(name);
                return Kubectl.run(file, arguments, spec.commandLine());
            } catch (LabException e) {
                throw new CommandException(ExitCode.NOT_FOUND, String.valueOf(e.getMessage()), e);
            }
        }
    }
}
