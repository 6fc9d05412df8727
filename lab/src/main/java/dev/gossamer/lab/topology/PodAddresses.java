package dev.gossamer.lab.topology;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.BitSet;

/**
 * The pod addresses of one node that are in use.
 *
 * <p>Goes round rather than taking the lowest free one, so that an address rests before it means another pod.
 * Thread-safe.
 */
final class PodAddresses {
    private static final int FIRST = 2;
    private static final int LAST = 254;

    private final int node;

    @GuardedBy("this")
    private final BitSet taken = new BitSet(LAST + 1);

    @GuardedBy("this")
    private int next = FIRST;

    PodAddresses(int node) {
        this.node = node;
    }

    /**
     * Takes a free address.
     *
     * @throws AddressesExhaustedException if every one is in use
     */
    synchronized String take() throws AddressesExhaustedException {
        for (int tried = FIRST; tried <= LAST; tried++) {
            int host = next;
            next = next == LAST ? FIRST : next + 1;
            if (!taken.get(host)) {
                taken.set(host);
                return AddressPlan.pod(node, host);
            }
        }
        throw new AddressesExhaustedException(AddressPlan.podRange(node));
    }

    synchronized void release(String address) {
        taken.clear(Integer.parseInt(address.substring(address.lastIndexOf('.') + 1)));
    }
}
