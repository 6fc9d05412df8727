package dev.gossamer.control.ca;

import dev.gossamer.control.observed.ObjectName;
import dev.gossamer.control.observed.PodObject;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which pods there are, and which service accounts they bring to which nodes.
 *
 * <p>Written by the thread that follows the cluster, before the mesh that it makes of it is published: a proxy that was
 * told of a pod can have its certificate. Thread-safe.
 */
public final class PodDirectory {
    /** What must be known of a pod. Immutable. */
    record Entry(String uid, ObjectName serviceAccount, String node, boolean failed) {}

    private record Presence(ObjectName serviceAccount, String node) {}

    private final Map<ObjectName, Entry> pods = new ConcurrentHashMap<>();
    private final Map<Presence, Map<ObjectName, Boolean>> present = new ConcurrentHashMap<>();

    public void put(PodObject pod) {
        var entry = new Entry(
                pod.metadata().uid(),
                new ObjectName(pod.name().namespace(), pod.spec().serviceAccount()),
                pod.spec().node(),
                pod.status().phase() == PodObject.Phase.FAILED);
        var old = pods.put(pod.name(), entry);
        if (!entry.equals(old)) {
            withdraw(pod.name(), old);
            if (isPresent(entry)) {
                present.compute(presence(entry), (_, names) -> {
                    // Copied, as readers look at it meanwhile; an account has few pods on a node.
                    Map<ObjectName, Boolean> more = names == null ? new HashMap<>() : new HashMap<>(names);
                    more.put(pod.name(), true);
                    return more;
                });
            }
        }
    }

    public void remove(ObjectName name) {
        withdraw(name, pods.remove(name));
    }

    private void withdraw(ObjectName name, @Nullable Entry old) {
        if (old != null && isPresent(old)) {
            present.computeIfPresent(presence(old), (_, names) -> {
                var fewer = new HashMap<>(names);
                fewer.remove(name);
                return fewer.isEmpty() ? null : fewer;
            });
        }
    }

    @Nullable
    Entry find(ObjectName name) {
        return pods.get(name);
    }

    /** Whether a pod of the account is on the node; one that has succeeded counts, one that failed does not. */
    boolean runsOn(ObjectName serviceAccount, String node) {
        return present.containsKey(new Presence(serviceAccount, node));
    }

    private static boolean isPresent(Entry entry) {
        return !entry.failed && !entry.node.isEmpty();
    }

    private static Presence presence(Entry entry) {
        return new Presence(entry.serviceAccount, entry.node);
    }
}
