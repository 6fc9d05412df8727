package dev.gossamer.net.relay;

/** Hears of a relay's end. Called on its event loop; nothing in here may wait. */
@FunctionalInterface
public interface RelayListener {
    /** Called once. */
    void onClosed(CloseReason reason, RelayCounts counts);
}
