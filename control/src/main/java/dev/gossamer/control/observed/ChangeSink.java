package dev.gossamer.control.observed;

/** Takes what is observed, in order, from one thread. */
public interface ChangeSink {
    /** May wait: the source then skips states that are superseded meanwhile. */
    void onChange(Change change) throws InterruptedException;

    /** All that was there at the start has been handed over. Comes once. */
    void onSynced() throws InterruptedException;
}
