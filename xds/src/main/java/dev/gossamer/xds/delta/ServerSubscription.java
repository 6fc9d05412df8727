package dev.gossamer.xds.delta;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server's end of one type on one stream: what the client wants, what it was sent, what to send next.
 *
 * <p>One response at a time is under way. While the client has not answered it, newer snapshots pass by; the next
 * response goes from what was sent to what is newest then. What a client refused is sent again only when it changes.
 * Confined to the stream's session.
 */
public final class ServerSubscription {
    private static final String WILDCARD = "*";
    /** Room for a resource's tags and lengths. */
    private static final int OVERHEAD_BYTES = 128;

    private final TypeUrl type;
    private final int maxResponseBytes;
    private final Demand demand = new Demand();
    /** Parts of an answer too large for one response. */
    private final Deque<Part> parts = new ArrayDeque<>();

    private boolean started;
    private boolean wildcard;
    /** What the client holds of everything, once it was sent that; absent before. */
    private @Nullable ResourceSnapshot sent;
    /** What the client says it holds from an earlier stream; dropped after the first response. */
    private Map<String, String> initial = Map.of();

    private boolean replyDue;
    private @Nullable String outstanding;
    private long nonces;
    private String lastNonce = "";
    private long sentVersion;
    private long outstandingVersion;
    private long ackedVersion;
    private @Nullable String error;

    /** {@code maxResponseBytes}: what is larger is split in several responses. */
    public ServerSubscription(TypeUrl type, int maxResponseBytes) {
        this.type = type;
        this.maxResponseBytes = maxResponseBytes;
    }

    private record Part(List<Versioned> resources, List<String> removed) {}

    /** How far the client is. Immutable. */
    public record Progress(
            boolean wildcard,
            int resources,
            long sentVersion,
            long ackedVersion,
            String lastNonce,
            @Nullable String error) {}

    public void onRequest(DeltaRequest request) {
        if (request.isAnswer()) {
            onAnswer(request);
        }
        boolean first = !started;
        if (first) {
            initial = request.initialVersions();
            wildcard = request.subscribe().isEmpty() && request.unsubscribe().isEmpty();
        }
        subscribe(request.subscribe());
        unsubscribe(request.unsubscribe());
        if (first && !wildcard) {
            // What a client of single names still holds it still wants.
            initial.forEach(demand::holds);
            initial = Map.of();
        }
        started = true;
        replyDue |= first || !request.subscribe().isEmpty();
    }

    /** The next response to send now, which then is under way; absent: there is none. */
    public @Nullable DeltaResponse next(ResourceSnapshot newest) {
        if (!started || outstanding != null) {
            return null;
        }
        if (parts.isEmpty()) {
            var all = wildcard ? wildcardPart(newest) : demand.part(newest, type);
            sentVersion = newest.version();
            if (all.resources.isEmpty() && all.removed.isEmpty() && !replyDue) {
                // The client is as far as the newest snapshot without having to be told anything.
                ackedVersion = error == null ? newest.version() : ackedVersion;
                return null;
            }
            replyDue = false;
            split(all);
        }
        var part = parts.remove();
        lastNonce = type.shortName() + "-" + ++nonces;
        outstanding = lastNonce;
        outstandingVersion = sentVersion;
        return new DeltaResponse(type, Long.toString(sentVersion), lastNonce, part.resources, part.removed);
    }

    /** A response, or a part of one, is still to be answered. */
    public boolean isAwaitingAnswer() {
        return outstanding != null || !parts.isEmpty();
    }

    public Progress progress() {
        int resources = sent == null ? demand.size() : sent.resources(type).size();
        return new Progress(wildcard, resources, sentVersion, ackedVersion, lastNonce, error);
    }

    private void onAnswer(DeltaRequest answer) {
        if (!answer.nonce().equals(outstanding)) {
            return; // To a response before the last: it says nothing of what is under way.
        }
        outstanding = null;
        error = answer.error();
        if (error == null && parts.isEmpty()) {
            ackedVersion = outstandingVersion;
        }
    }

    private void subscribe(List<String> names) {
        for (var name : names) {
            if (name.equals(WILDCARD)) {
                initial = started && !wildcard && sent == null ? demand.versions() : initial;
                wildcard = true;
            } else {
                demand.add(name);
            }
        }
    }

    private void unsubscribe(List<String> names) {
        for (var name : names) {
            if (name.equals(WILDCARD)) {
                wildcard = false;
                sent = null;
            } else {
                demand.remove(name);
            }
        }
    }

    private Part wildcardPart(ResourceSnapshot newest) {
        var resources = new ArrayList<Versioned>();
        var removed = new ArrayList<String>();
        var before = sent;
        if (before != null) {
            newest.diff(before, type, (resource, _) -> resources.add(resource), removed::add);
        } else {
            newest.resources(type).forEach((name, resource) -> {
                if (!holds(initial.get(name), resource)) {
                    resources.add(resource);
                }
            });
            for (var name : initial.keySet()) {
                if (newest.find(type, name) == null) {
                    removed.add(name);
                }
            }
        }
        sent = newest;
        initial = Map.of();
        return new Part(resources, removed);
    }

    /** A client that names no version may hold anything. */
    private static boolean holds(@Nullable String version, Versioned resource) {
        return version != null && !version.isEmpty() && version.equals(resource.version());
    }

    private void split(Part all) {
        var removed = all.removed;
        var some = new ArrayList<Versioned>();
        long bytes = 0;
        for (var resource : all.resources) {
            long size = (long) resource.payload().size() + resource.name().length() + OVERHEAD_BYTES;
            if (!some.isEmpty() && bytes + size > maxResponseBytes) {
                parts.add(new Part(some, removed));
                // Removals go first, once: a name may be removed and come again as another resource.
                removed = List.of();
                some = new ArrayList<>();
                bytes = 0;
            }
            some.add(resource);
            bytes += size;
        }
        parts.add(new Part(some, removed));
    }

    /** What a client wants by name, and what it was sent for that. Confined to the subscription. */
    private static final class Demand {
        /** Names as the client asked for them, and whether that was answered. */
        private final Map<String, Boolean> names = new HashMap<>();
        /** Versions by resource name. */
        private final Map<String, String> held = new HashMap<>();

        private @Nullable ResourceSnapshot seen;

        int size() {
            return held.size();
        }

        Map<String, String> versions() {
            return held.isEmpty() ? Map.of() : Map.copyOf(held);
        }

        void add(String name) {
            names.put(name, false);
        }

        void remove(String name) {
            names.remove(name);
            held.remove(name);
        }

        void holds(String name, String version) {
            names.putIfAbsent(name, false);
            held.put(name, version);
        }

        Part part(ResourceSnapshot newest, TypeUrl type) {
            var resources = new HashMap<String, Versioned>();
            var removed = new ArrayList<String>();
            var asked = names.entrySet().stream()
                    .filter(name -> !name.getValue())
                    .map(Map.Entry::getKey)
                    .toList();
            for (var name : asked) {
                names.put(name, true);
                if (!resolve(name, newest, type, resources)) {
                    // Also where it is an alias: a client waits until it hears the very name that it asked for.
                    removed.add(name);
                }
            }
            var before = seen;
            if (before != null) {
                newest.diff(
                        before,
                        type,
                        (resource, _) -> {
                            if (isWanted(resource)) {
                                resources.put(resource.name(), resource);
                            }
                        },
                        name -> {
                            if (held.containsKey(name)) {
                                removed.add(name);
                            }
                        });
            }
            seen = newest;
            removed.forEach(held::remove);
            var changed = new ArrayList<Versioned>();
            for (var resource : resources.values()) {
                if (!ServerSubscription.holds(held.put(resource.name(), resource.version()), resource)) {
                    changed.add(resource);
                }
            }
            return new Part(changed, removed);
        }

        private boolean isWanted(Versioned resource) {
            return held.containsKey(resource.name())
                    || names.containsKey(resource.name())
                    || resource.aliases().stream().anyMatch(names::containsKey)
                    || resource.groups().stream()
                            .anyMatch(group -> names.containsKey(group) || held.containsKey(group));
        }

        /** Looks through all resources, as only clients that ask for single names, which are rare, need this. */
        private boolean resolve(String name, ResourceSnapshot newest, TypeUrl type, Map<String, Versioned> found) {
            var named = newest.find(type, name);
            var leaders = new HashSet<String>();
            leaders.add(name);
            if (named != null) {
                found.put(name, named);
            }
            newest.resources(type).forEach((other, resource) -> {
                if (resource.aliases().contains(name)) {
                    found.put(other, resource);
                    leaders.add(other);
                }
            });
            newest.resources(type).forEach((other, resource) -> {
                if (resource.groups().stream().anyMatch(leaders::contains)) {
                    found.put(other, resource);
                }
            });
            return named != null;
        }
    }
}
