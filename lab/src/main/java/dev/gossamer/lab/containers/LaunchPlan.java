package dev.gossamer.lab.containers;

import dev.gossamer.lab.volumes.MissingObjectException;
import dev.gossamer.lab.volumes.PodVolumes;
import io.fabric8.kubernetes.api.model.Container;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How a container's process is started, from its spec and its image. Immutable. */
record LaunchPlan(ContainerSetup setup, Container container) {
    /**
     * The plan for one run.
     *
     * @throws MissingObjectException if something that the spec refers to does not exist
     */
    LaunchSpec of(Program program, int run) throws MissingObjectException, IOException {
        boolean wantsLinks = !Boolean.FALSE.equals(setup.pod().getSpec().getEnableServiceLinks());
        var services = setup.objects().services().stream()
                .filter(service -> wantsLinks || service.name().equals("kubernetes"))
                .toList();
        var variables = setup.environment().of(container, program, services);
        var argv = new ArrayList<String>();
        var command = container.getCommand();
        var args = container.getArgs();
        boolean hasCommand = command != null && !command.isEmpty();
        boolean hasArgs = args != null && !args.isEmpty();
        argv.addAll(hasCommand ? expand(command, variables) : program.command());
        // A command of the pod's own leaves out the image's arguments too.
        argv.addAll(hasArgs ? expand(args, variables) : hasCommand ? List.of() : program.args());
        var workingDirectory = workingDirectory(program);
        return new LaunchSpec(
                setup.place().pod(),
                setup.volumes().mounts(container),
                program.directories(),
                setup.volumes().scratch(container.getName(), run),
                PodVolumes.hostname(setup.pod()),
                workingDirectory,
                argv,
                variables);
    }

    private String workingDirectory(Program program) throws IOException {
        var own = container.getWorkingDir();
        if (own != null && !own.isEmpty()) {
            return own;
        }
        var ofImage = program.workingDirectory();
        return ofImage == null ? setup.volumes().workingDirectory().toString() : ofImage;
    }

    private static List<String> expand(List<String> texts, Map<String, String> variables) {
        return texts.stream()
                .map(text -> VariableExpansion.expand(text, variables))
                .toList();
    }
}
