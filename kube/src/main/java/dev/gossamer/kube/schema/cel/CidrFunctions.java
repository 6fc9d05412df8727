package dev.gossamer.kube.schema.cel;

import dev.cel.bundle.CelBuilder;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Ranges of addresses by prefix. Stateless. */
final class CidrFunctions {
    private static final OpaqueType CIDR = OpaqueType.create("net.CIDR");

    private CidrFunctions() {}

    /** An address and how many of its bits name the range. Immutable. */
    record Cidr(InetAddress address, int bits) {
        boolean contains(InetAddress other) {
            byte[] mine = address.getAddress();
            byte[] others = other.getAddress();
            if (mine.length != others.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((mine[bit / 8] & mask) != (others[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }

        boolean contains(Cidr other) {
            return bits <= other.bits && contains(other.address);
        }

        Cidr masked() throws CelEvaluationException {
            byte[] kept = address.getAddress();
            for (int bit = bits; bit < kept.length * 8; bit++) {
                kept[bit / 8] &= (byte) ~(0x80 >> (bit % 8));
            }
            try {
                return new Cidr(InetAddress.getByAddress(kept), bits);
            } catch (UnknownHostException e) {
                throw ListFunctions.failure("not an address: " + e.getMessage());
            }
        }
    }

    static void addTo(CelBuilder builder) {
        new Declared(builder)
                .global("isCIDR", SimpleType.BOOL, SimpleType.STRING, String.class, IpText::isPrefix)
                .global("cidr", CIDR, SimpleType.STRING, String.class, CidrFunctions::require)
                .global(
                        "string",
                        SimpleType.STRING,
                        CIDR,
                        Cidr.class,
                        cidr -> IpText.canonical(cidr.address) + "/" + cidr.bits)
                .member("ip", IpFunctions.IP, CIDR, Cidr.class, Cidr::address)
                .member("masked", CIDR, CIDR, Cidr.class, Cidr::masked)
                .member("prefixLength", SimpleType.INT, CIDR, Cidr.class, cidr -> (long) cidr.bits)
                .member(
                        "containsIP",
                        SimpleType.BOOL,
                        CIDR,
                        Cidr.class,
                        IpFunctions.IP,
                        InetAddress.class,
                        Cidr::contains)
                .member(
                        "containsIP",
                        SimpleType.BOOL,
                        CIDR,
                        Cidr.class,
                        SimpleType.STRING,
                        String.class,
                        (cidr, ip) -> cidr.contains(IpFunctions.require(ip)))
                .member("containsCIDR", SimpleType.BOOL, CIDR, Cidr.class, CIDR, Cidr.class, Cidr::contains)
                .member(
                        "containsCIDR",
                        SimpleType.BOOL,
                        CIDR,
                        Cidr.class,
                        SimpleType.STRING,
                        String.class,
                        (cidr, of) -> cidr.contains(require(of)));
    }

    private static Cidr require(String text) throws CelEvaluationException {
        if (!IpText.isPrefix(text)) {
            throw ListFunctions.failure("network address parse error during conversion from string: " + text);
        }
        int slash = text.indexOf('/');
        return new Cidr(InetAddress.ofLiteral(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }
}
