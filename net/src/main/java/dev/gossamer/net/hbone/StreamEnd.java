package dev.gossamer.net.hbone;

/** Why a stream ended without this side having reset it. Immutable. */
public sealed interface StreamEnd {
    /** Both sides ended it. */
    record Finished() implements StreamEnd {}

    /** The peer reset it. */
    record Reset(ErrorCode code) implements StreamEnd {}

    /** The peer never looked at it, so it may be tried elsewhere. */
    record Refused() implements StreamEnd {}

    /** The peer broke the protocol on this stream; it has been reset. */
    record Violated(String reason) implements StreamEnd {}

    /** The connection went, and the stream with it. */
    record ConnectionEnded(ConnectionEnd end) implements StreamEnd {}
}
