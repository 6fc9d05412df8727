package dev.gossamer.kube.server.admission;

import dev.gossamer.kube.server.auth.Caller;
import dev.gossamer.kube.server.resource.Resource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * An object on its way into the store.
 *
 * <p>Confined to one request.
 *
 * @param subresource {@code status} or {@code scale}; empty for the object itself
 * @param before the object as it stands; null where it is new. Not to be changed
 * @param object what is about to be stored. Admission may change it
 * @param warnings what goes to the client as a warning header
 */
public record Review(
        Resource resource,
        String subresource,
        @Nullable ObjectNode before,
        ObjectNode object,
        Caller caller,
        boolean dryRun,
        Consumer<String> warnings) {
    public boolean creates() {
        return before == null;
    }

    public boolean is(String group, String plural) {
        return resource.is(group, plural);
    }
}
