package dev.gossamer.node.handover;

/** Hears what the node proxy says. Called on threads of the handover; returns at once. */
public interface HandoverListener {
    /** The node proxy serves this pod now. */
    void onAccepted(String podUid);

    /** It does not; {@code reason} is its own. */
    void onRefused(String podUid, String reason);

    /** A node proxy is here, or the last one has gone. */
    void onConnectionChanged(boolean connected);
}
