package dev.gossamer.pki.transport;

import java.net.IDN;
import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether a server's certificate carries one of the names that a client accepts (RFC 9525). Stateless. */
final class ServerNames {
    private static final int DNS = 2;
    private static final int IP = 7;

    private ServerNames() {}

    /** {@code host}: a name, or an address as text. */
    static boolean match(X509Certificate certificate, String host) {
        List<String> dns;
        List<String> addresses;
        try {
            dns = names(certificate, DNS);
            addresses = names(certificate, IP);
        } catch (CertificateParsingException e) {
            return false;
        }
        var address = literal(host);
        if (address != null) {
            return addresses.stream().anyMatch(address::equals);
        }
        var name = normal(host);
        return name != null && dns.stream().anyMatch(pattern -> matches(pattern.toLowerCase(Locale.ROOT), name));
    }

    /** A wildcard stands for exactly the first label, and only if at least two follow. */
    private static boolean matches(String pattern, String name) {
        if (!pattern.startsWith("*.")) {
            return pattern.equals(name);
        }
        int dot = name.indexOf('.');
        return dot > 0 && pattern.indexOf('.', 2) > 0 && name.substring(dot + 1).equals(pattern.substring(2));
    }

    private static @Nullable String normal(String host) {
        var name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        try {
            return IDN.toASCII(name).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** An address in the form in which the JDK shows those of certificates; absent for a name. */
    private static @Nullable String literal(String host) {
        try {
            return InetAddress.ofLiteral(host).getHostAddress();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static List<String> names(X509Certificate certificate, int kind) throws CertificateParsingException {
        var names = certificate.getSubjectAlternativeNames();
        if (names == null) {
            return List.of();
        }
        return names.stream()
                .filter(name -> name.getFirst() instanceof Integer type && type == kind)
                .map(name -> String.valueOf(name.get(1)))
                .toList();
    }
}
