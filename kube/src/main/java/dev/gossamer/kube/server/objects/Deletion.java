package dev.gossamer.kube.server.objects;

import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.objects.DeleteOptions.Propagation;
import dev.gossamer.kube.server.resource.Resource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The way of an object from "delete" to gone. Thread-safe: holds no state. */
final class Deletion {
    static final String FOREGROUND = "foregroundDeletion";
    static final String ORPHAN = "orphan";

    private static final long DEFAULT_POD_GRACE_SECONDS = 30;

    private final TimeSource time;

    Deletion(TimeSource time) {
        this.time = time;
    }

    /** Notes in {@code object} that it is being deleted. Returns whether nothing stands in the way of removing it now. */
    boolean begin(Resource resource, ObjectNode object, DeleteOptions options) {
        addFinalizer(object, options.propagation());
        long grace = resource.is("", "pods") ? podGrace(object, options) : 0;
        boolean waits = grace > 0 || Metadata.hasFinalizers(object) || isFullNamespace(resource, object);
        if (!waits) {
            return true;
        }
        var metadata = Json.ensureObject(object, "metadata");
        boolean first = !Metadata.isDeleting(object);
        long before = Json.number(metadata, Long.MAX_VALUE, "deletionGracePeriodSeconds");
        if (first || grace < before) {
            var deadline = time.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(grace);
            metadata.put("deletionTimestamp", deadline.toString()).put("deletionGracePeriodSeconds", grace);
        }
        if (first) {
            Generations.bump(resource, object);
        }
        if (resource.is("", "namespaces")) {
            Json.ensureObject(object, "status").put("phase", "Terminating");
        }
        return false;
    }

    /** Whether an object that is being deleted, and has no finalizers left, may go. */
    boolean isDue(Resource resource, ObjectNode object) {
        return Json.number(object, 0, "metadata", "deletionGracePeriodSeconds") == 0
                && !isFullNamespace(resource, object);
    }

    /** A namespace goes when the server has emptied it and taken its own finalizer off. */
    private static boolean isFullNamespace(Resource resource, ObjectNode object) {
        return resource.is("", "namespaces")
                && !Json.at(object, "spec", "finalizers").isEmpty();
    }

    private static long podGrace(ObjectNode pod, DeleteOptions options) {
        var phase = Json.text(pod, "status", "phase");
        boolean runs =
                !Json.text(pod, "spec", "nodeName").isEmpty() && !phase.equals("Succeeded") && !phase.equals("Failed");
        if (!runs) {
            return 0;
        }
        var asked = options.graceSeconds();
        return asked == null
                ? Json.number(pod, DEFAULT_POD_GRACE_SECONDS, "spec", "terminationGracePeriodSeconds")
                : asked;
    }

    private static void addFinalizer(ObjectNode object, Propagation propagation) {
        var names = new ArrayList<>(Metadata.finalizers(object));
        switch (propagation) {
            case BACKGROUND -> {
                // Whoever began in another way is overruled, as long as the work is not done.
                names.remove(FOREGROUND);
                names.remove(ORPHAN);
            }
            case FOREGROUND -> {
                names.remove(ORPHAN);
                if (!names.contains(FOREGROUND)) {
                    names.add(FOREGROUND);
                }
            }
            case ORPHAN -> {
                names.remove(FOREGROUND);
                if (!names.contains(ORPHAN)) {
                    names.add(ORPHAN);
                }
            }
        }
        setFinalizers(object, names);
    }

    static void setFinalizers(ObjectNode object, List<String> names) {
        var metadata = Json.ensureObject(object, "metadata");
        metadata.remove("finalizers");
        if (!names.isEmpty()) {
            var list = metadata.putArray("finalizers");
            names.forEach(list::add);
        }
    }
}
