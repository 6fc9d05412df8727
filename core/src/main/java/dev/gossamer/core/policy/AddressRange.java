package dev.gossamer.core.policy;

import java.net.InetAddress;
import java.util.Arrays;

/**
 * A range of addresses of one family. Immutable.
 *
 * @param prefixLength in bits, 0 to 32 or 128
 */
public record AddressRange(InetAddress address, int prefixLength) {
    public AddressRange {
        int width = address.getAddress().length * 8;
        if (prefixLength < 0 || prefixLength > width) {
            throw new IllegalArgumentException(
                    "prefix length " + prefixLength + " of " + address.getHostAddress() + " is not from 0 to " + width);
        }
    }

    public boolean contains(InetAddress other) {
        var mine = address.getAddress();
        var theirs = other.getAddress();
        if (mine.length != theirs.length) {
            return false;
        }
        int whole = prefixLength / 8;
        if (!Arrays.equals(mine, 0, whole, theirs, 0, whole)) {
            return false;
        }
        int rest = prefixLength % 8;
        if (rest == 0) {
            return true;
        }
        int mask = 0xff << (8 - rest) & 0xff;
        return (mine[whole] & mask) == (theirs[whole] & mask);
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefixLength;
    }
}
