package dev.gossamer.net.linux;

import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where a client meant to connect to, before a netfilter rule redirected it here.
 *
 * <p>Of a connection that was not redirected the kernel gives the plain destination, this listener's own address:
 * callers check for loops. Thread-safe.
 */
public final class OriginalDestination {
    private static final int SOL_IP = 0;
    private static final int SOL_IPV6 = 41;
    private static final int SO_ORIGINAL_DST = 80;
    /** {@code struct sockaddr_in}: family, port, address, padding. */
    private static final RawUnixChannelOption IPV4 =
            new RawUnixChannelOption("SO_ORIGINAL_DST", SOL_IP, SO_ORIGINAL_DST, 16);
    /** {@code struct sockaddr_in6}: family, port, flow, address, scope. */
    private static final RawUnixChannelOption IPV6 =
            new RawUnixChannelOption("IP6T_SO_ORIGINAL_DST", SOL_IPV6, SO_ORIGINAL_DST, 28);

    private static final int PORT_OFFSET = 2;
    private static final int IPV4_OFFSET = 4;
    private static final int IPV6_OFFSET = 8;

    private OriginalDestination() {}

    /** An IPv4 address comes as such, also on a dual-stack listener. */
    public static InetSocketAddress of(EpollSocketChannel channel) {
        var found = read(channel, IPV4, IPV4_OFFSET, 4);
        if (found == null) {
            found = read(channel, IPV6, IPV6_OFFSET, 16);
        }
        // Without connection tracking, as under TPROXY, the local address is the destination itself.
        return found == null ? channel.localAddress() : found;
    }

    private static @Nullable InetSocketAddress read(
            EpollSocketChannel channel, RawUnixChannelOption option, int addressOffset, int addressLength) {
        ByteBuffer value;
        try {
            value = channel.config().getOption(option);
        } catch (ChannelException _) {
            // ENOENT: connection tracking does not know the connection in this family.
            return null;
        }
        var address = new byte[addressLength];
        value.get(addressOffset, address);
        try {
            // Makes an Inet4Address of an IPv4-mapped one.
            return new InetSocketAddress(InetAddress.getByAddress(address), value.getShort(PORT_OFFSET) & 0xffff);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are an address", e);
        }
    }
}
