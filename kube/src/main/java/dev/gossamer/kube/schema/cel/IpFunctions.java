package dev.gossamer.kube.schema.cel;

import dev.cel.bundle.CelBuilder;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import java.net.InetAddress;

/** Addresses, and what range they are of. Stateless. */
final class IpFunctions {
    static final OpaqueType IP = OpaqueType.create("net.IP");

    private IpFunctions() {}

    static void addTo(CelBuilder builder) {
        new Declared(builder)
                .global("isIP", SimpleType.BOOL, SimpleType.STRING, String.class, IpText::isPlain)
                .global("ip", IP, SimpleType.STRING, String.class, IpFunctions::require)
                .global(
                        "ip.isCanonical",
                        SimpleType.BOOL,
                        SimpleType.STRING,
                        String.class,
                        text -> IpText.canonical(require(text)).equals(text))
                .global("string", SimpleType.STRING, IP, InetAddress.class, IpText::canonical)
                .member("family", SimpleType.INT, IP, InetAddress.class, ip -> ip.getAddress().length == 4 ? 4L : 6L)
                .member("isUnspecified", SimpleType.BOOL, IP, InetAddress.class, InetAddress::isAnyLocalAddress)
                .member("isLoopback", SimpleType.BOOL, IP, InetAddress.class, InetAddress::isLoopbackAddress)
                .member("isLinkLocalMulticast", SimpleType.BOOL, IP, InetAddress.class, InetAddress::isMCLinkLocal)
                .member("isLinkLocalUnicast", SimpleType.BOOL, IP, InetAddress.class, InetAddress::isLinkLocalAddress)
                .member("isGlobalUnicast", SimpleType.BOOL, IP, InetAddress.class, IpFunctions::isGlobalUnicast);
    }

    static InetAddress require(String text) throws CelEvaluationException {
        if (!IpText.isPlain(text)) {
            throw ListFunctions.failure("IP Address \"" + text + "\" parse error during conversion from string");
        }
        return InetAddress.ofLiteral(text);
    }

    private static boolean isGlobalUnicast(InetAddress ip) {
        return !ip.isAnyLocalAddress()
                && !ip.isLoopbackAddress()
                && !ip.isMulticastAddress()
                && !ip.isLinkLocalAddress()
                && !IpText.canonical(ip).equals("255.255.255.255");
    }
}
