package dev.gossamer.ztunnel.state;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.core.workload.ServiceName;
import dev.gossamer.core.workload.Workload;
import dev.gossamer.xds.client.MeshListener;
import dev.gossamer.xds.client.RejectedUpdateException;
import dev.gossamer.xds.codec.MeshResource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the newest {@link MeshView} and makes the next one from what the control plane sends.
 *
 * <p>Thread-safe: updates take turns, on whatever thread brings them; readers see one volatile reference and never wait.
 */
public final class MeshState implements MeshListener {
    private static final Logger LOG = LoggerFactory.getLogger(MeshState.class);

    /** Is told of each new view, by the thread that made it; must hand long work on. */
    @FunctionalInterface
    public interface Subscriber {
        void onView(MeshView view, MeshView previous);
    }

    private final String node;
    private final LocalIdentityListener identities;
    private final Set<Subscriber> subscribers = ConcurrentHashMap.newKeySet();
    /** How many workloads of this node need a certificate, by identity. Guarded by this. */
    private final Map<SpiffeId, Integer> localIdentities = new HashMap<>();

    private volatile MeshView view = MeshView.EMPTY;

    /** {@code node}: whose workloads are local; empty: every workload is. */
    public MeshState(String node, LocalIdentityListener identities) {
        this.node = node;
        this.identities = identities;
    }

    public MeshView view() {
        return view;
    }

    public void subscribe(Subscriber subscriber) {
        subscribers.add(subscriber);
    }

    public void unsubscribe(Subscriber subscriber) {
        subscribers.remove(subscriber);
    }

    @Override
    public synchronized void onAddresses(List<MeshResource> changed, List<String> removed)
            throws RejectedUpdateException {
        var editor = new MeshEditor(view, this::isLocal);
        var rejected = new HashMap<String, String>();
        var touched = new HashSet<SpiffeId>();
        for (var name : removed) {
            remove(editor, name, touched);
        }
        for (var resource : changed) {
            switch (resource) {
                case MeshResource.OfService(var service) -> editor.put(service);
                case MeshResource.OfWorkload(var workload) -> put(editor, workload, rejected, touched);
            }
        }
        publish(editor.build());
        announce(touched);
        if (!rejected.isEmpty()) {
            throw new RejectedUpdateException(rejected);
        }
    }

    @Override
    public synchronized void onPolicies(List<PolicyUpdate> changed, List<String> removed) {
        var editor = new MeshEditor(view, this::isLocal);
        removed.forEach(editor::removePolicy);
        changed.forEach(update -> editor.put(update.name(), update.policy()));
        publish(editor.build());
    }

    private void put(MeshEditor editor, Workload workload, Map<String, String> rejected, Set<SpiffeId> touched) {
        SpiffeId identity;
        try {
            identity = workload.identity();
        } catch (IllegalArgumentException e) {
            rejected.put(workload.uid(), String.valueOf(e.getMessage()));
            return;
        }
        uncount(editor.put(workload), touched);
        if (needsCertificate(workload)) {
            touched.add(identity);
            localIdentities.merge(identity, 1, Integer::sum);
        }
    }

    private void remove(MeshEditor editor, String name, Set<SpiffeId> touched) {
        var workload = editor.removeWorkload(name);
        if (workload != null) {
            uncount(workload, touched);
            return;
        }
        int slash = name.indexOf('/');
        boolean isService = slash > 0 && name.indexOf('/', slash + 1) < 0;
        if (!isService || !editor.removeService(ServiceName.parse(name))) {
            LOG.debug("the control plane removed {}, which was not known", name);
        }
    }

    private void uncount(@Nullable Workload gone, Set<SpiffeId> touched) {
        if (gone != null && needsCertificate(gone)) {
            touched.add(gone.identity());
            localIdentities.computeIfPresent(gone.identity(), (_, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Only now, when all of a response is in: a workload that moved from one uid to another keeps its certificate. */
    private void announce(Set<SpiffeId> touched) {
        for (var identity : touched) {
            if (localIdentities.containsKey(identity)) {
                identities.onIdentity(identity);
            } else {
                identities.onIdentityGone(identity);
            }
        }
    }

    private void publish(MeshView next) {
        var previous = view;
        view = next;
        subscribers.forEach(subscriber -> subscriber.onView(next, previous));
    }

    private boolean isLocal(Workload workload) {
        return node.isEmpty() || workload.location().node().equals(node);
    }

    private boolean needsCertificate(Workload workload) {
        return isLocal(workload)
                && (workload.tunnel().protocol() == Workload.Protocol.HBONE
                        || workload.tunnel().nativeTunnel());
    }
}
