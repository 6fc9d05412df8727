package dev.gossamer.control;

import dev.gossamer.control.ca.CallerIdentities;
import dev.gossamer.control.ca.CertificatePolicy;
import dev.gossamer.control.ca.PodDirectory;
import dev.gossamer.control.ca.RootKeeper;
import dev.gossamer.control.ca.RootStore.RootStoreException;
import dev.gossamer.control.ca.ServingCertificate;
import dev.gossamer.control.debug.ControlPlaneMetrics;
import dev.gossamer.control.debug.DebugPages;
import dev.gossamer.control.observed.Change;
import dev.gossamer.control.observed.Kind;
import dev.gossamer.control.observed.PodObject;
import dev.gossamer.control.snapshot.MeshBuilder;
import dev.gossamer.control.snapshot.MeshPublisher;
import dev.gossamer.control.source.Cluster;
import dev.gossamer.control.source.Cluster.MissingPermissionException;
import dev.gossamer.control.source.TokenReviews;
import dev.gossamer.control.status.PolicyConditions;
import dev.gossamer.control.status.RootBundles;
import dev.gossamer.control.status.SecretRootStore;
import dev.gossamer.control.translate.PolicyTranslation;
import dev.gossamer.core.config.InvalidSettingsException;
import dev.gossamer.core.config.Settings;
import dev.gossamer.core.lifecycle.Shutdown;
import dev.gossamer.core.lifecycle.TaskGroup;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.core.telemetry.Logging;
import dev.gossamer.kube.watch.ClusterUnreachableException;
import dev.gossamer.net.admin.AdminServer;
import dev.gossamer.net.loop.Loops;
import dev.gossamer.pki.issue.CertificateAuthority;
import dev.gossamer.pki.issue.CertificateService;
import dev.gossamer.pki.issue.IssueRefusedException;
import dev.gossamer.xds.server.ControlPlaneServer;
import dev.gossamer.xds.server.DiscoveryConfig;
import dev.gossamer.xds.server.DiscoveryService;
import dev.gossamer.xds.server.SnapshotHub;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The control plane, wired. Reading this class top to bottom is reading the architecture. */
public final class ControlPlane implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);

    private final Shutdown shutdown = new Shutdown();
    private final ControlPlaneServer server;
    private final AdminServer monitoring;

    private ControlPlane(ControlPlaneConfig config, Cluster cluster) throws StartFailedException, InterruptedException {
        try {
            shutdown.owns(cluster);
            var time = TimeSource.SYSTEM;
            var random = RandomGenerator.getDefault();
            var version = version();
            var metrics = new ControlPlaneMetrics(version, time);
            var namespace = config.place().namespace();
            cluster.awaitUsable(namespace, config.startPatience());

            // The mesh: what is observed goes to one thread that builds, which publishes to all that wait.
            var hub = new SnapshotHub();
            var pods = new PodDirectory();
            var builder =
                    new MeshBuilder(config.mesh(), namespace, config.place().revision());
            var publisher = new MeshPublisher(builder, hub, change -> follow(pods, change), metrics, time);
            var tasks = shutdown.owns(new TaskGroup("control-plane"));
            tasks.start(() -> endingAll(publisher::run));
            shutdown.owns(cluster.watch(namespace, publisher));

            // The authority: its root is in the cluster, and our own certificate comes from it as all others do.
            var roots = new SecretRootStore(cluster, namespace);
            var root = RootKeeper.first(roots, config.mesh().trustDomain(), time);
            var authority = new CertificateAuthority(root, config.certificates().authority(), time);
            var serving = new ServingCertificate(authority, config.servingNames(), config.servingAddresses(), time);
            var bundles = shutdown.owns(
                    RootBundles.start(cluster, () -> authority.roots().pem(), random));
            metrics.watchRoot(() -> authority.credentials().notAfter());

            // Who calls, and what they may have.
            var reviews = new TokenReviews(cluster, config.certificates().tokenAudiences());
            var callers = new CallerIdentities(reviews, config.mesh().cluster(), time);
            var policy = new CertificatePolicy(
                    callers,
                    pods,
                    config.certificates().trustedNodeAccounts(),
                    () -> publisher.mesh().trustDomain());

            // What is told back to those who write policies.
            if (config.writeStatus()) {
                shutdown.owns(PolicyConditions.start(
                        cluster,
                        new PolicyTranslation(config.mesh()),
                        config.place().revision(),
                        time,
                        random));
            }

            // Served only once everything is known: proxies take the first answer for the whole mesh.
            if (!publisher.awaitFirst(config.startPatience())) {
                throw new StartFailedException("the Kubernetes API did not list all objects within "
                        + config.startPatience().toSeconds() + " s (KUBERNETES_START_TIMEOUT); its log may say why");
            }
            var discovery = new DiscoveryService(hub, policy, DiscoveryConfig.DEFAULT, time, metrics);
            metrics.watchProxies(version, discovery::streams);
            this.server = shutdown.owns(ControlPlaneServer.start(
                    new ControlPlaneServer.Config(
                            config.listeners().secure(),
                            config.listeners().maxConnectionAge(),
                            config.listeners().drain()),
                    serving.current(),
                    discovery,
                    new CertificateService(authority, policy, metrics)));
            tasks.start(() -> serving.run(server::replace));
            tasks.start(() -> new RootKeeper(
                            roots,
                            () -> {
                                serving.renew(server::replace);
                                bundles.refresh();
                            },
                            random)
                    .run(authority));

            // For operators.
            var pages = new DebugPages(
                    hub, discovery::connections, metrics, publisher::hasPublished, version, config.effective());
            var loops = shutdown.owns(Loops.start("admin", 1));
            this.monitoring =
                    shutdown.owns(AdminServer.start(loops, config.listeners().monitoring(), pages.all()));
            var health = config.listeners().health();
            if (health != null) {
                shutdown.owns(AdminServer.start(loops, health, pages.readiness()));
            }
            LOG.info("serving discovery and certificates on port {}, status on {}", port(), monitoring.address());
        } catch (ClusterUnreachableException
                | MissingPermissionException
                | RootStoreException
                | IssueRefusedException e) {
            shutdown.close();
            throw new StartFailedException(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            shutdown.close();
            var cause = e.getCause() == null ? "" : " (" + e.getCause().getMessage() + ")";
            throw new StartFailedException(
                    e.getMessage() + cause
                            + "; is another control plane running? SECURE_GRPC_ADDR, MONITORING_ADDR and HTTP_ADDR choose others");
        } catch (StartFailedException | InterruptedException | RuntimeException e) {
            shutdown.close();
            throw e;
        }
    }

    /** Starts on the given cluster, which it takes over, and returns once proxies are served. */
    static ControlPlane start(ControlPlaneConfig config, Cluster cluster)
            throws StartFailedException, InterruptedException {
        return new ControlPlane(config, cluster);
    }

    /** Of discovery and certificates. */
    int port() {
        return server.port();
    }

    int monitoringPort() {
        return monitoring.address().getPort();
    }

    private static void follow(PodDirectory pods, Change change) {
        switch (change) {
            case Change.Upsert(PodObject pod) -> pods.put(pod);
            case Change.Upsert _ -> {}
            case Change.Delete(var kind, var name) -> {
                if (kind == Kind.POD) {
                    pods.remove(name);
                }
            }
        }
    }

    /** The program cannot go on without this task: serving an old mesh for ever would look like health. */
    private void endingAll(TaskGroup.Task task) throws Exception {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("the mesh can no longer be built, ending", e);
            shutdown.request();
            throw e;
        }
    }

    private void await() throws InterruptedException {
        shutdown.await();
    }

    @Override
    public void close() {
        shutdown.close();
    }

    private static String version() {
        var version = ControlPlane.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }

    /** The control plane cannot start; the message is for the operator. */
    static final class StartFailedException extends Exception {
        private static final long serialVersionUID = 1L;

        StartFailedException(String message) {
            super(message, null, false, false);
        }
    }

    /** Runs until it is asked to end. Everything is set by the environment. */
    public static void main(String[] args) throws InterruptedException, ExecutionException {
        if (args.length > 0) {
            System.err.println("control-plane takes no arguments; it is set by environment variables (got '"
                    + String.join(" ", args) + "')");
            System.exit(1);
        }
        ControlPlaneConfig config;
        try {
            config = ControlPlaneConfig.read(Settings.ofEnvironment());
        } catch (InvalidSettingsException e) {
            System.err.println("control-plane: " + e.getMessage());
            System.exit(1);
            return;
        }
        int exit = 0;
        try (var _ = Logging.start(config.logs().levels(), config.logs().json())) {
            LOG.info("settings: {}", config.effective());
            try (var program = start(config, Cluster.ofEnvironment())) {
                program.shutdown.onSignal();
                program.await();
                LOG.info("ending");
            } catch (StartFailedException e) {
                System.err.println("control-plane: " + e.getMessage());
                exit = 1;
            }
        }
        System.exit(exit);
    }
}
