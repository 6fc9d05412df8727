package dev.gossamer.core.workload;

import java.net.InetAddress;

/** An address on one of the mesh's networks; the default network's name is empty. Immutable. */
public record NetworkAddress(String network, InetAddress address) {
    @Override
    public String toString() {
        return network + "/" + address.getHostAddress();
    }
}
