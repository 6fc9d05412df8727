package dev.gossamer.kube.schema.cel;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.regex.Pattern;

/** Reads addresses as text, strictly, and without ever asking a resolver. Stateless. */
public final class IpText {
    private static final Pattern OCTET = Pattern.compile("0|[1-9][0-9]{0,2}");
    private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");
    private static final Pattern LENGTH = Pattern.compile("0|[1-9][0-9]{0,2}");

    private IpText() {}

    public static boolean isV4(String text) {
        var parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            if (!OCTET.matcher(part).matches() || Integer.parseInt(part) > 255) {
                return false;
            }
        }
        return true;
    }

    public static boolean isV6(String text) {
        if (text.length() > 45 || text.indexOf(':') < 0) {
            return false;
        }
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return false;
        }
        if (gap < 0) {
            return groups(text, true) == 8;
        }
        int before = gap == 0 ? 0 : groups(text.substring(0, gap), false);
        int after = gap + 2 == text.length() ? 0 : groups(text.substring(gap + 2), true);
        return before >= 0 && after >= 0 && before + after <= 7;
    }

    /** How many 16-bit groups a run of them has, or a large negative number if it is not one. */
    private static int groups(String run, boolean mayEndInV4) {
        int count = 0;
        var parts = run.split(":", -1);
        for (int i = 0; i < parts.length; i++) {
            if (GROUP.matcher(parts[i]).matches()) {
                count++;
            } else if (mayEndInV4 && i == parts.length - 1 && isV4(parts[i])) {
                count += 2;
            } else {
                return -100;
            }
        }
        return count;
    }

    public static boolean isPrefix(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !LENGTH.matcher(text.substring(slash + 1)).matches()) {
            return false;
        }
        int bits = Integer.parseInt(text.substring(slash + 1));
        String address = text.substring(0, slash);
        return isV4(address) ? bits <= 32 : isV6(address) && bits <= 128;
    }

    /** Whether a text is an address by itself: no zone, and no IPv4 address in the clothes of IPv6. */
    static boolean isPlain(String text) {
        return isV4(text) || isV6(text) && InetAddress.ofLiteral(text) instanceof Inet6Address;
    }

    /** The one way of writing an address that RFC 5952 recommends. */
    static String canonical(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return address.getHostAddress();
        }
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff;
        }
        int gapStart = -1;
        int gapLength = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > gapLength) {
                gapStart = i;
                gapLength = end - i;
            }
        }
        var text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == gapStart) {
                text.append("::");
                i += gapLength - 1;
            } else {
                if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
