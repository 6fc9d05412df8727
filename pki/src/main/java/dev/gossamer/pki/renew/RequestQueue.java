package dev.gossamer.pki.renew;

import dev.gossamer.pki.renew.CertificateStatus.Priority;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Entries that wait for their request, by priority and then in order of arrival. Confined to the store's lock. */
final class RequestQueue {
    private final Map<Priority, Set<Entry>> waiting = new EnumMap<>(Priority.class);

    /** Queues an entry, or raises one that waits with a lower priority. */
    void add(Entry entry, Priority priority) {
        var present = entry.queued;
        if (present != null && present.compareTo(priority) <= 0) {
            return;
        }
        remove(entry);
        entry.queued = priority;
        entry.priority = priority;
        waiting.computeIfAbsent(priority, _ -> new LinkedHashSet<>()).add(entry);
    }

    void remove(Entry entry) {
        var present = entry.queued;
        if (present != null) {
            entry.queued = null;
            var others = waiting.get(present);
            if (others != null) {
                others.remove(entry);
            }
        }
    }

    @Nullable
    Entry poll() {
        for (var entries : waiting.values()) {
            var all = entries.iterator();
            if (all.hasNext()) {
                var first = all.next();
                all.remove();
                first.queued = null;
                return first;
            }
        }
        return null;
    }
}
