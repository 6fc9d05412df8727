package dev.gossamer.xds.delta;

import java.util.HashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of one type: what it holds, over any number of streams. Confined to the thread that runs the client.
 *
 * <p>A resource that was refused is not held under its new version, so it comes again with the next stream.
 */
public final class ClientSubscription {
    /** A message that the server would not take in could not say that anything was refused. */
    private static final int MAX_MESSAGE = 16 << 10;

    private final TypeUrl type;
    private final Map<String, String> held = new HashMap<>();
    private boolean synced;

    public ClientSubscription(TypeUrl type) {
        this.type = type;
    }

    public TypeUrl type() {
        return type;
    }

    /** The first request of a stream: all resources, but for those that are held already. */
    public DeltaRequest open(NodeInfo node) {
        return DeltaRequest.first(type, node, held);
    }

    /**
     * Takes note of a response that was applied, and answers it.
     *
     * @param rejected why resources were not applied, by name; the others were
     */
    public DeltaRequest applied(DeltaResponse response, Map<String, String> rejected) {
        response.removed().forEach(held::remove);
        for (var resource : response.resources()) {
            if (!rejected.containsKey(resource.name())) {
                held.put(resource.name(), resource.version());
            }
        }
        if (rejected.isEmpty()) {
            synced = true;
        }
        return DeltaRequest.answer(response, message(rejected));
    }

    /** Whether a response was accepted whole, ever. */
    public boolean isSynced() {
        return synced;
    }

    /** Versions by name. */
    public Map<String, String> held() {
        return Map.copyOf(held);
    }

    private static @Nullable String message(Map<String, String> rejected) {
        if (rejected.isEmpty()) {
            return null;
        }
        var parts = new StringJoiner("; ");
        int left = rejected.size();
        for (var each : new TreeMap<>(rejected).entrySet()) {
            if (parts.length() > MAX_MESSAGE) {
                return parts.add("and " + left + " more").toString();
            }
            parts.add(each.getKey() + ": " + each.getValue());
            left--;
        }
        return parts.toString();
    }
}
