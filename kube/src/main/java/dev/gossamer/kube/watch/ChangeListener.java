package dev.gossamer.kube.watch;

/** Takes the changes of a {@link ClusterWatch}, one after another and on one thread. */
@FunctionalInterface
public interface ChangeListener {
    /** May wait: what happens meanwhile is coalesced, so that a slow listener skips states and never falls behind. */
    void onChange(Change change) throws InterruptedException;
}
