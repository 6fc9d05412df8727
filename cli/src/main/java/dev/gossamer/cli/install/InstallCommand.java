package dev.gossamer.cli.install;

import dev.gossamer.cli.command.ClusterOptions;
import dev.gossamer.cli.command.CommandException;
import dev.gossamer.cli.command.ExitCode;
import dev.gossamer.core.config.Settings;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.kube.install.InstallationException;
import dev.gossamer.kube.install.Installer;
import dev.gossamer.kube.install.Manifests;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Installs the mesh, or changes its installation. Confined to the command's thread. */
@Command(
        name = "install",
        description = "Install the mesh into a cluster, or change its installation.",
        footer = {
            "",
            "Examples:",
            "  ./gossamer install --set profile=ambient --skip-confirmation",
            "  ./gossamer install --set meshConfig.trustDomain=example.org --set values.ztunnel.env.SECRET_TTL=1h -y",
            "  ./gossamer install --dry-run"
        })
public final class InstallCommand implements Callable<Integer> {
    @Mixin
    private final ValuesOptions values = new ValuesOptions();

    @Mixin
    private final ClusterOptions cluster = new ClusterOptions();

    @Option(
            names = {"-y", "--skip-confirmation"},
            description = "Do not ask.")
    private boolean skipConfirmation;

    @Option(
            names = "--readiness-timeout",
            paramLabel = "DURATION",
            defaultValue = "300s",
            converter = DurationConverter.class,
            description = "How long to wait for each component. Default: ${DEFAULT-VALUE}.")
    private Duration readinessTimeout = Duration.ofSeconds(300);

    @Option(names = "--dry-run", description = "Only say what would be applied.")
    private boolean dryRun;

    @Spec
    private @Nullable CommandSpec spec;

    private InstallCommand() {}

    @Override
    public Integer call() throws CommandException, InterruptedException {
        if (spec == null) {
            throw new IllegalStateException("not parsed");
        }
        var out = spec.commandLine().getOut();
        var manifests = values.manifests(cluster.istioNamespace());
        if (dryRun) {
            manifests
                    .objects()
                    .forEach(object -> out.println("would apply " + object.getKind() + " "
                            + object.getMetadata().getName()));
            out.flush();
            return ExitCode.OK.number();
        }
        var file = cluster.requireKubeconfig();
        try (var client = cluster.connect()) {
            if (!skipConfirmation) {
                Confirmation.require(out, question(manifests, client.getMasterUrl() + " (" + file + ")"));
            }
            new Installer(client, new PrintedProgress(out, "installed"), TimeSource.SYSTEM)
                    .install(manifests, readinessTimeout);
        } catch (InstallationException e) {
            throw new CommandException(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
        }
        out.println("✔ Installation complete");
        out.println("Next: kubectl label namespace NAME istio.io/dataplane-mode=ambient");
        out.flush();
        return ExitCode.OK.number();
    }

    private static String question(Manifests manifests, String where) {
        return "This will install the profile "
                + manifests.values().profile().name().toLowerCase(Locale.ROOT) + " into " + where + ". Proceed?";
    }

    /** Durations as {@code 90s} or {@code 5m}. */
    static final class DurationConverter implements picocli.CommandLine.ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                return Settings.parseDuration(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("'" + text + "' " + e.getMessage());
            }
        }
    }
}
