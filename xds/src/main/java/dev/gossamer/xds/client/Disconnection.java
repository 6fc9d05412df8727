package dev.gossamer.xds.client;

import dev.gossamer.xds.client.ConnectionState.Reason;
import io.grpc.Status;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why a stream ended, and how long to wait before the next: a moment, or a back-off.
 *
 * <p>Immutable.
 *
 * @param progressed a response came on the stream, so whatever failed before is over
 */
record Disconnection(Reason reason, String message, boolean progressed) {
    static Disconnection of(Status status, boolean opened, boolean progressed) {
        var message = describe(status);
        if (!opened && !status.isOk()) {
            return new Disconnection(Reason.CONNECTION_ERROR, message, false);
        }
        return new Disconnection(reason(status), message, progressed);
    }

    /** A stream that brought nothing backs off, too, or a server that ends each at once would be called in a loop. */
    boolean backsOff() {
        return switch (reason) {
            case CONNECTION_ERROR, ERROR -> true;
            case RECONNECT, COMPLETE -> !progressed;
        };
    }

    private static Reason reason(Status status) {
        return switch (status.getCode()) {
            case OK -> Reason.COMPLETE;
            case UNKNOWN, CANCELLED, DEADLINE_EXCEEDED -> Reason.RECONNECT;
            case UNAVAILABLE -> isRoutine(status.getDescription()) ? Reason.RECONNECT : Reason.ERROR;
            case INVALID_ARGUMENT,
                    NOT_FOUND,
                    ALREADY_EXISTS,
                    PERMISSION_DENIED,
                    RESOURCE_EXHAUSTED,
                    FAILED_PRECONDITION,
                    ABORTED,
                    OUT_OF_RANGE,
                    UNIMPLEMENTED,
                    INTERNAL,
                    DATA_LOSS,
                    UNAUTHENTICATED -> Reason.ERROR;
        };
    }

    /** Servers in Go and in Java close a connection that is old enough in these words. */
    private static boolean isRoutine(@Nullable String description) {
        var text = description == null ? "" : description.toLowerCase(Locale.ROOT);
        return text.contains("transport is closing")
                || text.contains("received prior goaway")
                || text.contains("after goaway");
    }

    private static String describe(Status status) {
        var description = status.getDescription();
        var cause = status.getCause();
        return status.getCode()
                + (description == null ? "" : ": " + description)
                + (cause == null ? "" : " (" + cause + ")");
    }
}
