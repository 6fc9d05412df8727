package dev.gossamer.lab.network;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.gossamer.core.lifecycle.TaskGroup;
import dev.gossamer.lab.topology.AddressPlan;
import dev.gossamer.lab.topology.Command;
import dev.gossamer.lab.topology.Fabric;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps every node's rules for ClusterIPs as the services and endpoints are.
 *
 * <p>One task per namespace writes, and always only the newest. Thread-safe.
 */
final class ServiceRouter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceRouter.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final ServiceCatalog catalog;
    private final TaskGroup tasks = new TaskGroup("services");
    private final List<Target> targets = new ArrayList<>();

    ServiceRouter(ServiceCatalog catalog, Fabric fabric) {
        this.catalog = catalog;
        for (var node : fabric.nodes()) {
            targets.add(new Target(node.name(), AddressPlan.podGateway(node.number()), node.namespace()::nft));
        }
        // The API server itself calls services too: webhooks.
        targets.add(new Target("", AddressPlan.BRIDGE, ServiceRouter::nftHere));
    }

    private static void nftHere(String script) throws IOException, InterruptedException {
        Command.run(List.of("nft", "-f", "-"), script);
    }

    void start() {
        targets.forEach(target -> tasks.start(target::run));
    }

    void changed() {
        targets.forEach(Target::changed);
    }

    @Override
    public void close() {
        tasks.close();
    }

    /** Runs an nftables script in a namespace. */
    @FunctionalInterface
    interface Nft {
        void apply(String script) throws IOException, InterruptedException;
    }

    /** One namespace. {@link #run} belongs to its task. Thread-safe. */
    private final class Target {
        private final String node;
        private final String gateway;
        private final Nft nft;

        private List<ServiceBackend> written = List.of();
        private Set<String> chains = Set.of();

        @GuardedBy("this")
        private boolean changed = true;

        Target(String node, String gateway, Nft nft) {
            this.node = node;
            this.gateway = gateway;
            this.nft = nft;
        }

        synchronized void changed() {
            changed = true;
            notifyAll();
        }

        private synchronized void awaitChange() throws InterruptedException {
            while (!changed) {
                wait();
            }
            changed = false;
        }

        void run() throws InterruptedException {
            while (true) {
                awaitChange();
                var backends = catalog.backends(node);
                if (backends.equals(written)) {
                    continue;
                }
                var next = ServiceRules.chainNames(backends);
                var stale = new TreeSet<>(chains);
                stale.removeAll(next);
                try {
                    nft.apply(ServiceRules.script(backends, gateway, stale));
                    written = backends;
                    chains = next;
                } catch (IOException e) {
                    LOG.error("rules for ClusterIPs {} not written, trying again: {}", node, e.getMessage());
                    Thread.sleep(RETRY);
                    changed();
                }
            }
        }
    }
}
