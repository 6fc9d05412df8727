package dev.gossamer.net.linux;

import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;

/** Socket options for epoll channels that Netty has no name for, and those that go with them. Immutable. */
public final class LinuxOptions {
    private static final int SOL_SOCKET = 1;
    private static final int SOL_IPV6 = 41;

    /** The mark of every packet that the socket sends; needs CAP_NET_ADMIN. */
    public static final ChannelOption<Integer> SO_MARK = new IntegerUnixChannelOption("SO_MARK", SOL_SOCKET, 36);

    /** Lets the socket bind to, and accept for, addresses that are not the machine's; needs CAP_NET_ADMIN or _RAW. */
    public static final ChannelOption<Boolean> IP_TRANSPARENT = EpollChannelOption.IP_TRANSPARENT;

    /** The same for IPv6; 1 turns it on. */
    public static final ChannelOption<Integer> IPV6_TRANSPARENT =
            new IntegerUnixChannelOption("IPV6_TRANSPARENT", SOL_IPV6, 75);

    private LinuxOptions() {}
}
