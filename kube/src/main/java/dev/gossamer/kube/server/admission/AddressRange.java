package dev.gossamer.kube.server.admission;

import java.util.regex.Pattern;

/**
 * A range of IPv4 addresses: {@code 10.96.0.0/16}.
 *
 * <p>Immutable.
 */
public record AddressRange(int network, int prefix) {
    private static final Pattern CIDR = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})/(\\d{1,2})");

    /** Throws IllegalArgumentException if {@code cidr} is none, or leaves fewer than 14 addresses or more than 2^20. */
    public static AddressRange parse(String cidr) {
        var matcher = CIDR.matcher(cidr);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a range of IPv4 addresses, such as 10.96.0.0/16: " + cidr);
        }
        int prefix = Integer.parseInt(matcher.group(5));
        if (prefix < 12 || prefix > 28) {
            throw new IllegalArgumentException("a service range is a /12 to a /28, not a /" + prefix);
        }
        int bits = parseAddress(cidr.substring(0, cidr.indexOf('/')));
        return new AddressRange(bits & mask(prefix), prefix);
    }

    private static int mask(int prefix) {
        return -1 << (32 - prefix);
    }

    private static int parseAddress(String text) {
        int bits = 0;
        for (var part : text.split("\\.")) {
            int octet = Integer.parseInt(part);
            if (octet > 255) {
                throw new IllegalArgumentException("not an IPv4 address: " + text);
            }
            bits = (bits << 8) | octet;
        }
        return bits;
    }

    public int size() {
        return 1 << (32 - prefix);
    }

    /** The address at {@code index}; that at 0 is the network's own and not for use. */
    public String address(int index) {
        int bits = network + index;
        return (bits >>> 24) + "." + (bits >>> 16 & 255) + "." + (bits >>> 8 & 255) + "." + (bits & 255);
    }

    public boolean contains(String address) {
        if (!address.matches("\\d{1,3}(\\.\\d{1,3}){3}")) {
            return false;
        }
        try {
            return (parseAddress(address) & mask(prefix)) == network;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return address(0) + "/" + prefix;
    }
}
