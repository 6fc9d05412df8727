package dev.gossamer.ztunnel;

import dev.gossamer.core.config.InvalidSettingsException;
import dev.gossamer.core.config.Settings;
import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.core.lifecycle.Shutdown;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.core.telemetry.Logging;
import dev.gossamer.net.admin.AdminRoutes;
import dev.gossamer.net.admin.AdminServer;
import dev.gossamer.net.linux.MissingPrivilegeException;
import dev.gossamer.net.linux.NodePrivileges;
import dev.gossamer.net.linux.OpenFiles;
import dev.gossamer.net.loop.Loops;
import dev.gossamer.pki.InvalidPemException;
import dev.gossamer.pki.renew.CertificateClient;
import dev.gossamer.pki.renew.CertificateSource;
import dev.gossamer.pki.renew.CertificateStore;
import dev.gossamer.pki.renew.Timer;
import dev.gossamer.xds.client.DiscoveryClient;
import dev.gossamer.xds.client.RejectedUpdateException;
import dev.gossamer.ztunnel.admin.AdminPages;
import dev.gossamer.ztunnel.admin.ConfigDump;
import dev.gossamer.ztunnel.config.ZtunnelConfig;
import dev.gossamer.ztunnel.config.ZtunnelConfig.Mode;
import dev.gossamer.ztunnel.config.ZtunnelConfig.OriginalSource;
import dev.gossamer.ztunnel.inpod.AgentClient;
import dev.gossamer.ztunnel.inpod.NodePods;
import dev.gossamer.ztunnel.inpod.PodRegistry;
import dev.gossamer.ztunnel.pod.CertificateDirectory;
import dev.gossamer.ztunnel.pod.Certificates;
import dev.gossamer.ztunnel.state.LocalIdentityListener;
import dev.gossamer.ztunnel.state.LocalMeshFile;
import dev.gossamer.ztunnel.state.LocalWorkloadKey;
import dev.gossamer.ztunnel.state.MeshState;
import dev.gossamer.ztunnel.telemetry.ProxyMetrics;
import dev.gossamer.ztunnel.telemetry.Readiness;
import dev.gossamer.ztunnel.telemetry.Reports;
import dev.gossamer.ztunnel.telemetry.TrafficMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node proxy. Confined to the thread that runs it; what it starts has threads of its own. */
public final class Ztunnel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Ztunnel.class);

    private static final String MESH_TASK = "state manager";
    private static final String PROXY_TASK = "proxy";

    private final ZtunnelConfig config;
    private final Logging logging;
    private final TimeSource time = TimeSource.SYSTEM;
    private final Shutdown shutdown = new Shutdown();
    private final Readiness readiness = new Readiness();

    private Ztunnel(ZtunnelConfig config, Logging logging) {
        this.config = config;
        this.logging = logging;
        shutdown.owns(logging);
    }

    /** The process. Exits 1, with a sentence, if it cannot start. */
    public static void main(String[] arguments) {
        int code = 0;
        try {
            var config = ZtunnelConfig.read(Settings.ofEnvironment());
            try (var ztunnel = new Ztunnel(
                    config,
                    Logging.start(config.process().logLevel(), config.process().jsonLog()))) {
                ztunnel.run();
            }
        } catch (InvalidSettingsException | IllegalArgumentException e) {
            System.err.println(e.getMessage());
            code = 1;
        } catch (IOException | MissingPrivilegeException | InvalidPemException | RejectedUpdateException e) {
            System.err.println("ztunnel cannot start: " + e.getMessage());
            code = 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Not by returning: a library may have left a thread behind that is no daemon.
        if (code != 0) {
            System.exit(code);
        }
    }

    private void run()
            throws IOException, MissingPrivilegeException, InvalidPemException, RejectedUpdateException,
                    InterruptedException {
        LOG.info("starting with {}", config.effective());
        shutdown.onSignal();
        LOG.info("up to {} files and sockets can be open", OpenFiles.raiseLimit());
        if (config.mode() instanceof Mode.Shared) {
            NodePrivileges.require();
        }

        // What the proxy counts and says of itself, and whether it is ready.
        var registry = new PrometheusRegistry();
        var traffic = new TrafficMetrics();
        registry.register(traffic);
        var metrics = new ProxyMetrics(registry, config.node().version());
        var reports = new Reports(traffic, Reports.AccessSink.of(logging), time);
        readiness.set(MESH_TASK, false);
        readiness.set(PROXY_TASK, false);

        // The data plane's threads. Nothing on them ever waits.
        var loops = shutdown.owns(Loops.start("ztunnel", config.process().workerThreads()));
        serve(loops, config.ports().readiness(), AdminPages.readiness(readiness));

        // Certificates, and the mesh, which says whose certificates this node needs.
        var worker = Executors.newVirtualThreadPerTaskExecutor();
        shutdown.owns(worker::shutdownNow);
        var store = shutdown.owns(new CertificateStore(
                certificateSource(worker), Timer.on(loops.group()), time, RandomGenerator.getDefault()));
        var certificates = new Certificates(store, time, worker);
        var mesh = new MeshState(config.node().name(), identities(store, certificates));
        loadLocalMesh(mesh);
        var discovery = startDiscovery(mesh, metrics);

        // Pods, and the pages that show all of this.
        var pods = shutdown.owns(
                new NodePods(loops, config, mesh, certificates, reports, isShared() && portReuse(), isTransparent()));
        var podRegistry = new PodRegistry(pods, metrics);
        var dump = new ConfigDump(config, mesh, store, podRegistry::statuses);
        serveAdmin(loops, AdminPages.admin(dump, logging, shutdown::request));
        serve(loops, config.ports().metrics(), AdminPages.metrics(registry));

        // Traffic only once the mesh is known: until then every destination would look like a stranger.
        if (discovery == null || awaitMesh(discovery)) {
            readiness.set(MESH_TASK, true);
            serveWorkloads(pods, podRegistry);
            readiness.set(PROXY_TASK, true);
            LOG.info("serving");
            shutdown.await();
        }
        readiness.set("drain", false);
        LOG.info("ending: open connections have {}", config.process().drainDeadline());
        pods.drain(config.process().drainDeadline());
    }

    private boolean isShared() {
        return config.mode() instanceof Mode.Shared;
    }

    private boolean portReuse() {
        return !(config.mode() instanceof Mode.Shared shared) || shared.portReuse();
    }

    private boolean isTransparent() throws IOException {
        boolean can = config.sockets().originalSource() != OriginalSource.NEVER && NodePrivileges.canBeTransparent();
        if (!can && config.sockets().originalSource() == OriginalSource.REQUIRED) {
            throw new IOException(
                    "ENABLE_ORIG_SRC is true, but this process may not use addresses of others (IP_TRANSPARENT):"
                            + " run as root, or with the capability NET_ADMIN");
        }
        return can;
    }

    private CertificateSource certificateSource(Executor worker) throws InvalidPemException {
        var directory = config.controlPlane().certificateDirectory();
        var address = config.controlPlane().caAddress();
        if (directory != null) {
            return new CertificateDirectory(directory, worker);
        }
        if (address == null) {
            throw new IllegalArgumentException("CA_ADDRESS is empty, and CERT_DIR is not set");
        }
        return shutdown.owns(new CertificateClient(
                ControlPlaneSettings.authority(config, address),
                isShared() ? CertificateClient.Mode.IMPERSONATING : CertificateClient.Mode.OWN,
                config.controlPlane().certificateValidity(),
                worker));
    }

    /** In shared mode certificates are asked for before the first connection needs them. */
    private LocalIdentityListener identities(CertificateStore store, Certificates certificates) {
        if (!isShared()) {
            return LocalIdentityListener.NONE;
        }
        return new LocalIdentityListener() {
            @Override
            public void onIdentity(SpiffeId identity) {
                store.prefetch(identity);
            }

            @Override
            public void onIdentityGone(SpiffeId identity) {
                store.release(identity);
                certificates.forget(identity);
            }
        };
    }

    private void loadLocalMesh(MeshState mesh) throws IOException, RejectedUpdateException {
        Path file = config.controlPlane().localMesh();
        if (file != null) {
            var local = LocalMeshFile.read(file);
            mesh.onAddresses(local.resources(), List.of());
            mesh.onPolicies(local.policies(), List.of());
        }
    }

    private @Nullable DiscoveryClient startDiscovery(MeshState mesh, ProxyMetrics metrics) throws InvalidPemException {
        var address = config.controlPlane().xdsAddress();
        if (address == null) {
            return null;
        }
        var client = shutdown.owns(new DiscoveryClient(
                ControlPlaneSettings.discovery(config, address),
                ControlPlaneSettings.node(config),
                mesh,
                metrics,
                time));
        var _ = Thread.ofVirtual().name("xds").start(client::run);
        return client;
    }

    /** Whether the mesh came before the end was asked for. */
    private boolean awaitMesh(DiscoveryClient discovery) throws InterruptedException {
        var done = discovery.initialSyncDone();
        var asked = Thread.ofVirtual().name("await-stop").start(() -> {
            try {
                shutdown.await();
                done.cancel(false);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            done.get();
            return true;
        } catch (ExecutionException | CancellationException e) {
            LOG.info("ending before the control plane was reached");
            return false;
        } finally {
            asked.interrupt();
        }
    }

    private void serveWorkloads(NodePods pods, PodRegistry registry) throws IOException, InterruptedException {
        switch (config.mode()) {
            case Mode.Shared shared -> {
                var agent = shutdown.owns(new AgentClient(shared.agentSocket(), registry, readiness, time));
                agent.start();
            }
            case Mode.Dedicated(var namespace, var name, var account) -> {
                var _ = pods.startHere(new LocalWorkloadKey(name, namespace, account));
            }
        }
    }

    private void serve(Loops loops, int port, AdminRoutes routes) throws IOException {
        var address = config.sockets().ipv6() ? new InetSocketAddress(port) : new InetSocketAddress("0.0.0.0", port);
        shutdown.owns(AdminServer.start(loops, address, routes));
    }

    /** On loopback only: it has no authentication. */
    private void serveAdmin(Loops loops, AdminRoutes routes) throws IOException {
        int port = config.ports().admin();
        shutdown.owns(
                AdminServer.start(loops, new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), routes));
        if (config.sockets().ipv6()) {
            try {
                shutdown.owns(
                        AdminServer.start(loops, new InetSocketAddress(InetAddress.ofLiteral("::1"), port), routes));
            } catch (IOException e) {
                LOG.info("the admin pages are not on ::1: {}", e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        shutdown.close();
    }
}
