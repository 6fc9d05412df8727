package dev.gossamer.core.balance;

import dev.gossamer.core.workload.Service.IpFamilies;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which of an endpoint's addresses a connection goes to. Stateless. */
public final class AddressChoice {
    private AddressChoice() {}

    /**
     * The address asked for if it is among them; else one of a family that the service allows, if possible of the
     * family asked for.
     *
     * @param original where the client wanted to connect
     * @return absent if no address will do
     */
    public static @Nullable InetAddress choose(List<InetAddress> addresses, IpFamilies allowed, InetAddress original) {
        InetAddress second = null;
        for (var address : addresses) {
            if (address.equals(original)) {
                return address;
            }
        }
        for (var address : addresses) {
            if (!allows(allowed, address)) {
                continue;
            }
            if (isV4(address) == isV4(original)) {
                return address;
            }
            second = second == null ? address : second;
        }
        return second;
    }

    private static boolean allows(IpFamilies allowed, InetAddress address) {
        return switch (allowed) {
            case AUTOMATIC, DUAL -> true;
            case IPV4_ONLY -> isV4(address);
            case IPV6_ONLY -> !isV4(address);
        };
    }

    private static boolean isV4(InetAddress address) {
        return address instanceof Inet4Address;
    }
}
