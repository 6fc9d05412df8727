package dev.gossamer.control.observed;

import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads IP addresses and ranges as text; never asks a name server. */
public final class AddressText {
    /** The JDK also takes "10" and "10.1" for addresses; Kubernetes does not. */
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private AddressText() {}

    /** An address with the number of its leading bits that count. Immutable. */
    public record Range(InetAddress address, int prefixLength) {}

    public static @Nullable InetAddress parse(@Nullable String text) {
        if (text == null || text.indexOf(':') < 0 && !IPV4.matcher(text).matches()) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Reads {@code 10.0.0.0/8}, or an address as a range of one; bits beyond the prefix are cleared. */
    public static @Nullable Range parseRange(String text) {
        int slash = text.indexOf('/');
        var address = parse(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            return null;
        }
        var bytes = address.getAddress();
        int prefix = slash < 0 ? bytes.length * 8 : prefixLength(text.substring(slash + 1));
        if (prefix < 0 || prefix > bytes.length * 8) {
            return null;
        }
        return new Range(masked(bytes, prefix), prefix);
    }

    private static int prefixLength(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static InetAddress masked(byte[] bytes, int prefix) {
        for (int i = 0; i < bytes.length; i++) {
            int kept = Math.clamp(prefix - i * 8L, 0, 8);
            bytes[i] &= (byte) (0xff << (8 - kept));
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (java.net.UnknownHostException e) {
            throw new AssertionError("an address has 4 or 16 bytes", e);
        }
    }
}
