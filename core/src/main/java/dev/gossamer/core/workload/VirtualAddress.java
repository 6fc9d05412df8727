package dev.gossamer.core.workload;

import java.net.InetAddress;

/**
 * An address, or a range of them, that a service claims on one network. Immutable.
 *
 * @param prefixLength in bits; the address's own width for a single address
 */
public record VirtualAddress(NetworkAddress address, int prefixLength) {
    public VirtualAddress {
        int width = width(address.address());
        if (prefixLength < 0 || prefixLength > width) {
            throw new IllegalArgumentException(
                    "prefix length " + prefixLength + " of " + address + " is not from 0 to " + width);
        }
    }

    public static VirtualAddress single(String network, InetAddress address) {
        return new VirtualAddress(new NetworkAddress(network, address), width(address));
    }

    public boolean isSingle() {
        return prefixLength == width(address.address());
    }

    private static int width(InetAddress address) {
        return address.getAddress().length * 8;
    }

    @Override
    public String toString() {
        return isSingle() ? address.toString() : address + "/" + prefixLength;
    }
}
