package dev.gossamer.ztunnel.inbound;

import dev.gossamer.core.telemetry.AccessRecord;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Where a CONNECT wants to go. Immutable. */
sealed interface Authority {
    int port();

    record Address(InetAddress address, int port) implements Authority {
        @Override
        public String toString() {
            return AccessRecord.hostAndPort(new InetSocketAddress(address, port));
        }
    }

    record Host(String name, int port) implements Authority {
        @Override
        public String toString() {
            return name + ":" + port;
        }
    }

    /** RFC 1035, section 3.1: a name is at most 255 bytes. */
    int MAX_HOST_LENGTH = 255;

    /** Reads {@code 10.0.0.1:80}, {@code [fd00::1]:80} or {@code name:80}; absent if the text is none of these. */
    static @Nullable Authority parse(String text) {
        int colon = text.lastIndexOf(':');
        int port = colon < 1 ? 0 : port(text.substring(colon + 1));
        if (port == 0 || colon > MAX_HOST_LENGTH) {
            return null;
        }
        var host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (!bracketed && host.indexOf(':') >= 0) {
            return null;
        }
        var bare = bracketed ? host.substring(1, host.length() - 1) : host;
        if (bracketed || looksLikeAddress(bare)) {
            try {
                return new Address(InetAddress.ofLiteral(bare), port);
            } catch (IllegalArgumentException e) {
                return null;
            }
        }
        return isHostname(bare) ? new Host(bare, port) : null;
    }

    private static int port(String digits) {
        if (digits.isEmpty() || digits.length() > 5) {
            return 0;
        }
        int port = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                return 0;
            }
            port = port * 10 + (c - '0');
        }
        return port <= 65535 ? port : 0;
    }

    /** A name whose last label is a number cannot be meant: {@code 10.0.0.300}, {@code 0x7f.1}. */
    private static boolean looksLikeAddress(String host) {
        char first = host.charAt(host.lastIndexOf('.') + 1 < host.length() ? host.lastIndexOf('.') + 1 : 0);
        return first >= '0' && first <= '9';
    }

    private static boolean isHostname(String host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            boolean allowed = c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || c == '-'
                    || c == '_'
                    || c == '.';
            if (!allowed) {
                return false;
            }
        }
        return !host.isEmpty();
    }
}
