package dev.gossamer.net.hbone;

/**
 * How much the peer may still send on one stream.
 *
 * <p>At any time {@code allowed + unread <= target}: what may come plus what has come and was not passed on stays within
 * the stream's share of memory. Confined to the connection's event loop.
 */
final class StreamInput {
    private final WindowBudget budget;
    private final int largest;
    /** What the peer may send from now on; below zero after the first window shrank. */
    private int allowed;
    /** Came in, and is not passed on yet. */
    private int unread;
    /** Granted to this stream beyond the connection's first window. */
    private int grown;

    StreamInput(WindowBudget budget, int largest, int firstWindow) {
        this.budget = budget;
        this.largest = largest;
        this.allowed = firstWindow;
        budget.opened();
    }

    /** Whether the peer was allowed to send {@code bytes}. */
    boolean arrived(int bytes) {
        // An empty frame ends a stream also where its window has shrunk below zero.
        if (bytes > 0 && bytes > allowed) {
            return false;
        }
        allowed -= bytes;
        unread += bytes;
        return true;
    }

    void passedOn(int bytes) {
        if (bytes > unread) {
            throw new IllegalArgumentException("passed on " + bytes + " bytes of " + unread);
        }
        unread -= bytes;
    }

    int unread() {
        return unread;
    }

    /** The connection's first window has changed by {@code change} bytes, for the peer too. */
    void firstWindowChanged(int change) {
        allowed += change;
    }

    /**
     * Lets the peer send more, if it is worth a frame.
     *
     * @param firstWindow what the peer is known to begin with. A smaller one that it has not confirmed yet will be taken
     *     off {@code allowed} in full, so what is missing is counted from the old one: else streams would be left with
     *     nothing.
     *
     * @return how much more, or 0
     */
    int topUp(int firstWindow) {
        int target = firstWindow + grown;
        // The reader keeps up and the peer has used most of what it had: the window may be what slows it down.
        if (unread == 0 && allowed < target / 2 && 2L * target <= largest && budget.tryGrow(target)) {
            grown += target;
            target *= 2;
        }
        int missing = target - allowed - unread;
        if (missing < target / 4) {
            return 0;
        }
        allowed += missing;
        return missing;
    }

    void close() {
        budget.closed(grown);
        grown = 0;
    }
}
