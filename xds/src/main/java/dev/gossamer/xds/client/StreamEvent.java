package dev.gossamer.xds.client;

import dev.gossamer.xds.delta.DeltaResponse;
import io.grpc.Status;

/** What happens to a stream, in order. Immutable. */
sealed interface StreamEvent {
    /** The server accepted the stream. */
    record Opened() implements StreamEvent {}

    record Received(DeltaResponse response) implements StreamEvent {}

    record Ended(Status status) implements StreamEvent {}

    /** This end wants to stop. */
    record Stop() implements StreamEvent {}
}
