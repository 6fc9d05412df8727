package dev.gossamer.net.relay;

/** Why a relay ended. Immutable. */
public sealed interface CloseReason {
    /** Each side ended its direction. */
    record Finished() implements CloseReason {}

    /** {@code by} broke off: a reset, a broken pipe. Applications do that to end a connection, too. */
    record Reset(Side by) implements CloseReason {}

    /** The tunnel under the stream of {@code side} failed. */
    record TunnelLost(Side side, String reason) implements CloseReason {}

    /** This program ended it: policy, drain, shutdown. */
    record Cut(String reason) implements CloseReason {}

    /** A bug of ours. */
    record Failed(String reason) implements CloseReason {}
}
