package dev.gossamer.lab;

import dev.gossamer.core.config.InvalidSettingsException;
import dev.gossamer.core.config.Settings;
import dev.gossamer.core.lifecycle.Shutdown;
import dev.gossamer.core.lifecycle.TaskGroup;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.core.telemetry.Logging;
import dev.gossamer.kube.controller.Controllers;
import dev.gossamer.kube.server.ApiServer;
import dev.gossamer.kube.server.ApiServerConfig;
import dev.gossamer.kube.watch.ClusterUnreachableException;
import dev.gossamer.lab.containers.ImageMap;
import dev.gossamer.lab.containers.InvalidImageMapException;
import dev.gossamer.lab.network.ClusterNetwork;
import dev.gossamer.lab.pods.Node;
import dev.gossamer.lab.pods.PodRunner;
import dev.gossamer.lab.pods.RunningPods;
import dev.gossamer.lab.topology.AddressPlan;
import dev.gossamer.lab.topology.Fabric;
import dev.gossamer.lab.topology.NodeNetwork;
import dev.gossamer.lab.volumes.HostPaths;
import dev.gossamer.net.loop.Loops;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lab from inside: one process in namespaces of its own, wired. Reading this class top to bottom is reading how a
 * lab is put together. Confined to the main thread.
 */
public final class LabRuntime {
    private static final Logger LOG = LoggerFactory.getLogger(LabRuntime.class);
    private static final int API_PORT = 6443;
    private static final Path RUN = Path.of("/run/gossamer");
    /** The libraries' own chatter is for nobody who runs a lab. */
    private static final String LOG_LEVELS = "info,org.eclipse.jetty=warn,io.fabric8=warn";

    private final RuntimeSettings settings;
    private final Settings environment;
    private final TimeSource time;
    private final Shutdown shutdown;

    private LabRuntime(RuntimeSettings settings, Settings environment, TimeSource time, Shutdown shutdown) {
        this.settings = settings;
        this.environment = environment;
        this.time = time;
        this.shutdown = shutdown;
    }

    /** Run by {@code gossamer lab up}, inside {@code unshare}. */
    public static void main(String[] arguments) throws InterruptedException {
        try (var _ = Logging.start(LOG_LEVELS, false);
                var shutdown = new Shutdown()) {
            shutdown.onSignal();
            var settings = RuntimeSettings.read(List.of(arguments));
            new LabRuntime(settings, Settings.ofEnvironment(), TimeSource.SYSTEM, shutdown).run();
            shutdown.await();
        } catch (InvalidSettingsException e) {
            System.err.println("lab-runtime: " + e.getMessage());
            System.exit(1);
        } catch (IOException e) {
            LOG.error("the lab did not start", e);
            System.exit(1);
        }
    }

    private void run() throws IOException, InterruptedException {
        // First of all: Netty looks at the network devices when it is loaded, and there is not even a loopback one yet.
        Fabric.openBridge();
        var loops = shutdown.owns(Loops.start("lab", 1));
        var report = shutdown.owns(StartReport.connect(settings.startSocket(), loops, this::onStarterGone));
        try {
            wire(loops, report);
            ready = true;
            report.sayLast(new StartMessage.Ready());
        } catch (IOException | RuntimeException e) {
            report.sayLast(new StartMessage.Failed(String.valueOf(e.getMessage())));
            throw e;
        }
    }

    private volatile boolean ready;

    /** Nobody waits for this lab any more, so nobody would know of it. Start-up may hang, so this does not ask it to end. */
    private void onStarterGone() {
        if (!ready) {
            LOG.error("whoever started this lab has gone before it was ready: ending");
            Runtime.getRuntime().halt(1);
        }
    }

    private void wire(Loops loops, StartReport report) throws IOException, InterruptedException {
        var images = readImages();
        report.say(new StartMessage.Step("Starting the API server on https://127.0.0.1:" + settings.port()));

        // The API server, as this machine and as pods see it.
        var pods = new RunningPods();
        var api = shutdown.owns(startApi(pods));
        shutdown.owns(PortRelay.start(report.listener(), new InetSocketAddress("127.0.0.1", API_PORT), loops));
        writeKubeconfig(api.kubeconfig("https://127.0.0.1:" + settings.port()));
        var access = Config.fromKubeconfig(api.kubeconfig("https://127.0.0.1:" + API_PORT));
        // Our server has no WebSocket watches; trying them first costs seconds.
        access.setOnlyHttpWatches(true);
        var client =
                shutdown.owns(new KubernetesClientBuilder().withConfig(access).build());

        // Nodes and what fills them; the order among these does not matter.
        report.say(new StartMessage.Step("Starting " + settings.nodes() + " nodes, controllers and cluster DNS"));
        var fabric = Fabric.create(settings.nodes());
        try {
            shutdown.owns(Controllers.start(client, api.caPem(), time));
            shutdown.owns(ClusterNetwork.start(client, fabric, loops));
        } catch (ClusterUnreachableException e) {
            throw new IOException("the lab's own API server does not answer: " + e.getMessage(), e);
        }
        startNodes(fabric, new NodeParts(client, api.caPem(), images, pods));

        if (!settings.bare()) {
            new LabContents(client, settings.profile(), time, text -> report.say(new StartMessage.Step(text)))
                    .install();
        }
    }

    private ImageMap readImages() throws IOException {
        var builtIn = ImageMap.builtIn(settings.home(), settings.programEnvironment(environment));
        var file = settings.images();
        try {
            return file == null ? builtIn : builtIn.with(file);
        } catch (InvalidImageMapException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private ApiServer startApi(RunningPods pods) throws IOException {
        return ApiServer.start(new ApiServerConfig(
                List.of(
                        new InetSocketAddress(AddressPlan.BRIDGE, API_PORT),
                        new InetSocketAddress("127.0.0.1", API_PORT)),
                List.of(),
                List.of("127.0.0.1", "localhost", AddressPlan.API_SERVICE),
                settings.data(),
                AddressPlan.SERVICE_CIDR,
                pods,
                time));
    }

    private void writeKubeconfig(String text) throws IOException {
        var file = settings.state().resolve("kubeconfig");
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
    }

    /** Immutable. */
    private record NodeParts(KubernetesClient client, String certificateAuthority, ImageMap images, RunningPods pods) {}

    private void startNodes(Fabric fabric, NodeParts parts) throws IOException, InterruptedException {
        try (var starts = new TaskGroup("start")) {
            for (var network : fabric.nodes()) {
                starts.start(() -> shutdown.owns(PodRunner.start(node(network, parts), parts.pods())));
            }
            starts.join();
        } catch (ExecutionException e) {
            throw new IOException("starting a node failed: " + e.getCause(), e);
        }
    }

    private Node node(NodeNetwork network, NodeParts parts) throws IOException {
        var root = Files.createDirectories(
                RUN.resolve("nodes").resolve(network.name()).resolve("root"));
        return new Node(
                network,
                parts.client(),
                parts.certificateAuthority(),
                parts.images(),
                new Node.Directories(RUN.resolve("pods"), settings.state().resolve("pods"), new HostPaths(root)),
                time);
    }
}
