package dev.gossamer.node;

import dev.gossamer.core.config.InvalidSettingsException;
import dev.gossamer.core.config.Settings;
import dev.gossamer.core.lifecycle.Shutdown;
import dev.gossamer.core.lifecycle.TaskGroup;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.core.telemetry.Logging;
import dev.gossamer.kube.watch.ClusterUnreachableException;
import dev.gossamer.kube.watch.Connection;
import dev.gossamer.net.admin.AdminResponse;
import dev.gossamer.net.admin.AdminRoutes;
import dev.gossamer.net.admin.AdminServer;
import dev.gossamer.net.linux.MissingPrivilegeException;
import dev.gossamer.net.linux.Netns;
import dev.gossamer.net.linux.NodePrivileges;
import dev.gossamer.net.loop.Loops;
import dev.gossamer.node.handover.ZdsServer;
import dev.gossamer.node.pods.Enrolment;
import dev.gossamer.node.pods.PodNamespaces;
import dev.gossamer.node.pods.PodWatch;
import dev.gossamer.node.pods.Redirection;
import dev.gossamer.node.redirect.PodRules;
import dev.gossamer.node.redirect.ProbeRules;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node agent, wired. */
public final class NodeAgent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeAgent.class);

    private final Shutdown shutdown = new Shutdown();

    private volatile boolean failed;

    private NodeAgent() {}

    /** Runs until SIGTERM. Redirection stays as it is when the agent ends: pods go on without it. */
    public static void main(String[] arguments) {
        int exit = run(Settings.ofEnvironment());
        if (exit != 0) {
            System.exit(exit);
        }
    }

    private static int run(Settings settings) {
        try {
            var config = NodeConfig.read(settings);
            try (var _ = Logging.start(config.logLevels(), config.jsonLogs());
                    var agent = new NodeAgent()) {
                agent.shutdown.onSignal();
                agent.wire(config);
                agent.shutdown.await();
                return agent.failed ? 1 : 0;
            }
        } catch (InvalidSettingsException | MissingPrivilegeException | ClusterUnreachableException | IOException e) {
            System.err.println("node-agent: " + e.getMessage());
            return 1;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private void wire(NodeConfig config) throws IOException, MissingPrivilegeException, ClusterUnreachableException {
        LOG.info("{}", config);
        NodePrivileges.require();

        // Status pages; ready once every pod that was there at the start has been looked at.
        var metrics = new NodeMetrics();
        var loops = shutdown.owns(Loops.start("node-agent", 1));
        shutdown.owns(AdminServer.start(loops, new InetSocketAddress(config.readyPort()), readyPages(metrics)));
        shutdown.owns(AdminServer.start(
                loops,
                new InetSocketAddress(config.metricsPort()),
                new AdminRoutes().get("/metrics", _ -> AdminResponse.text(metrics.text()))));

        // Pods and what becomes of them.
        var client = shutdown.owns(Connection.ofEnvironment());
        var node = shutdown.owns(Netns.ownProcess());
        var namespaces = config.netnsDirectory() == null
                ? PodNamespaces.ofProcesses(config.procDirectory())
                : PodNamespaces.inDirectory(config.netnsDirectory());
        var environment = new Reconciler.PodEnvironment(
                namespaces,
                new PodRules(config.ipv6()),
                new Redirection(client),
                config.dnsCapture(),
                new Pace(config.leavingGrace()),
                TimeSource.SYSTEM,
                (pods, listener) -> shutdown.owns(ZdsServer.start(config.zdsSocket(), pods, listener)));
        var reconciler = new Reconciler(
                new Enrolment(config.systemNamespace(), config.excludedNamespaces()),
                environment,
                new ProbeRules(node),
                metrics);
        var tasks = shutdown.owns(new TaskGroup("node-agent"));
        tasks.start(() -> reconcile(reconciler));
        shutdown.owns(PodWatch.start(client, config.nodeName(), reconciler::onChange));
    }

    /** Without the reconciler there is no use for the rest: whoever started the agent starts it again. */
    private void reconcile(Reconciler reconciler) throws Exception {
        try {
            reconciler.run();
        } catch (IOException | RuntimeException | Error e) {
            LOG.error("the agent cannot go on", e);
            failed = true;
            shutdown.request();
            throw e;
        }
    }

    private static AdminRoutes readyPages(NodeMetrics metrics) {
        return new AdminRoutes()
                .get(
                        "/readyz",
                        _ -> metrics.isReady()
                                ? AdminResponse.text("ok\n")
                                : AdminResponse.text(503, "not ready: the pods of this node are not known yet\n"))
                .get("/healthz", _ -> AdminResponse.text("ok\n"));
    }

    @Override
    public void close() {
        shutdown.close();
    }
}
