package dev.gossamer.kube.server.objects;

import dev.gossamer.kube.server.auth.Caller;
import java.util.List;
import java.util.function.Consumer;

/**
 * How a write is meant.
 *
 * <p>Confined to one request.
 *
 * @param dryRun do everything but store
 * @param fieldManager the owner of the fields that change
 * @param duplicates fields that stood twice in the body
 * @param warnings what goes to the client as a warning header
 */
public record WriteOptions(
        Caller caller,
        boolean dryRun,
        String fieldManager,
        FieldValidation validation,
        List<String> duplicates,
        Consumer<String> warnings) {
    /** The server's own writes. */
    public static WriteOptions ofServer(String manager) {
        return new WriteOptions(Caller.SERVER, false, manager, FieldValidation.IGNORE, List.of(), _ -> {});
    }
}
