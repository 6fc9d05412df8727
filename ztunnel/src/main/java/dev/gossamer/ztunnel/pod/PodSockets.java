package dev.gossamer.ztunnel.pod;

import dev.gossamer.net.linux.LinuxOptions;
import dev.gossamer.net.linux.Netns;
import dev.gossamer.net.loop.Loops;
import dev.gossamer.ztunnel.config.ZtunnelConfig.Sockets;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Opens sockets where a workload lives: in its network namespace, marked as the proxy's own.
 *
 * <p>A socket belongs for ever to the namespace in which it was created, whatever thread serves it. Thread-safe.
 */
public final class PodSockets implements AutoCloseable {
    private static final int BACKLOG = 4096;

    /**
     * Source ports for connections made in a client's name, below the ephemeral range: conntrack knows the client's own
     * connection, with its ephemeral port, and a second one with the same addresses and ports would clash with it.
     */
    static final int FIRST_SOURCE_PORT = 10_000;

    static final int LAST_SOURCE_PORT = 32_767;
    /** So many busy ports in a row mean that there is no free one. */
    private static final int SOURCE_PORT_TRIES = 16;

    private final Loops loops;
    private final @Nullable Netns netns;
    private final Sockets config;
    private final boolean portReuse;
    private final boolean transparent;
    private final AtomicInteger nextSourcePort =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(LAST_SOURCE_PORT - FIRST_SOURCE_PORT + 1));

    /**
     * @param netns absent: the process's own; closed with this
     * @param portReuse whether another proxy may listen beside this one, as the next version does during an upgrade
     * @param transparent whether connections can be made in a client's name
     */
    public PodSockets(Loops loops, @Nullable Netns netns, Sockets config, boolean portReuse, boolean transparent) {
        this.loops = loops;
        this.netns = netns;
        this.config = config;
        this.portReuse = portReuse;
        this.transparent = transparent;
    }

    /**
     * Listens on all addresses. May wait: not for event loops.
     *
     * @param onAccepted set up each accepted channel; shared by all
     * @throws IOException if the port is taken, or the namespace is gone
     */
    public Channel listen(int port, ChannelHandler onAccepted) throws IOException, InterruptedException {
        var bootstrap = new ServerBootstrap()
                .group(loops.group())
                .channelFactory(EpollServerSocketChannel::new)
                .option(ChannelOption.ALLOCATOR, loops.allocator())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOCATOR, loops.allocator())
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(onAccepted);
        if (portReuse) {
            bootstrap.option(EpollChannelOption.SO_REUSEPORT, true);
        }
        if (config.packetMark() != null) {
            bootstrap.option(LinuxOptions.SO_MARK, config.packetMark());
        }
        if (transparent) {
            bootstrap.option(LinuxOptions.IP_TRANSPARENT, true);
        }
        var address = config.ipv6() ? new InetSocketAddress(port) : new InetSocketAddress("0.0.0.0", port);
        var bound = inside(() -> bootstrap.bind(address)).await();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on port " + port + ": " + bound.cause().getMessage(), bound.cause());
        }
        return bound.channel();
    }

    /** Hears what came of a dial. Called once, on the loop of the dial. */
    public interface DialListener {
        void onConnected(Channel channel);

        void onFailed(Throwable cause);
    }

    /** Dials from the workload's own address. {@code handler} sets the channel up; it does not read by itself. */
    public void dial(EventLoop loop, InetSocketAddress target, ChannelHandler handler, DialListener listener) {
        connect(dialling(loop, handler), loop, target, null, listener);
    }

    /**
     * Dials in a client's name where that is possible, so that the application sees whose connection it is.
     *
     * @param handler must be sharable, since it may take more than one try
     */
    public void dialInNameOf(
            InetAddress client,
            EventLoop loop,
            InetSocketAddress target,
            ChannelHandler handler,
            DialListener listener) {
        boolean sameFamily = client.getClass() == target.getAddress().getClass();
        if (!transparent || !sameFamily || client.equals(target.getAddress())) {
            dial(loop, target, handler, listener);
        } else {
            tryInNameOf(client, loop, target, handler, listener, SOURCE_PORT_TRIES);
        }
    }

    private void tryInNameOf(
            InetAddress client,
            EventLoop loop,
            InetSocketAddress target,
            ChannelHandler handler,
            DialListener listener,
            int triesLeft) {
        var bootstrap = dialling(loop, handler)
                // Ports of connections that ended a moment ago can be had again; connect finds those that cannot.
                .option(ChannelOption.SO_REUSEADDR, true);
        if (client instanceof Inet6Address) {
            bootstrap.option(LinuxOptions.IPV6_TRANSPARENT, 1);
        } else {
            bootstrap.option(LinuxOptions.IP_TRANSPARENT, true);
        }
        connect(bootstrap, loop, target, new InetSocketAddress(client, sourcePort()), new DialListener() {
            @Override
            public void onConnected(Channel channel) {
                listener.onConnected(channel);
            }

            @Override
            public void onFailed(Throwable cause) {
                if (triesLeft > 1 && isPortBusy(cause)) {
                    tryInNameOf(client, loop, target, handler, listener, triesLeft - 1);
                } else {
                    listener.onFailed(cause);
                }
            }
        });
    }

    /**
     * Opens the socket as a task, never amid the loop's I/O events: there its descriptor can be one that was closed a
     * moment ago, for which the same batch of events holds a stale one.
     */
    private void connect(
            Bootstrap bootstrap,
            EventLoop loop,
            InetSocketAddress target,
            @Nullable InetSocketAddress source,
            DialListener listener) {
        loop.execute(() -> {
            try {
                var attempt = inside(() -> bootstrap.connect(target, source));
                var _ = attempt.addListener(_ -> {
                    if (attempt.isSuccess()) {
                        listener.onConnected(attempt.channel());
                    } else {
                        listener.onFailed(attempt.cause());
                    }
                });
            } catch (IOException e) {
                listener.onFailed(e);
            }
        });
    }

    private Bootstrap dialling(EventLoop loop, ChannelHandler handler) {
        var bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(EpollSocketChannel::new)
                .option(ChannelOption.ALLOCATOR, loops.allocator())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        config.dialTimeout().toMillis())
                .handler(handler);
        if (config.packetMark() != null) {
            bootstrap.option(LinuxOptions.SO_MARK, config.packetMark());
        }
        var keepalive = config.keepalive();
        if (keepalive != null) {
            int idle = (int) keepalive.idle().toSeconds();
            int interval = (int) keepalive.interval().toSeconds();
            bootstrap
                    .option(ChannelOption.SO_KEEPALIVE, true)
                    .option(EpollChannelOption.TCP_KEEPIDLE, idle)
                    .option(EpollChannelOption.TCP_KEEPINTVL, interval)
                    .option(EpollChannelOption.TCP_KEEPCNT, keepalive.retries());
            if (keepalive.userTimeout()) {
                bootstrap.option(EpollChannelOption.TCP_USER_TIMEOUT, (idle + interval * keepalive.retries()) * 1000);
            }
        }
        return bootstrap;
    }

    /** One after the other, so that a port rests as long as possible. */
    private int sourcePort() {
        while (true) {
            int span = LAST_SOURCE_PORT - FIRST_SOURCE_PORT + 1;
            int port = FIRST_SOURCE_PORT + Math.floorMod(nextSourcePort.getAndIncrement(), span);
            if (isSourcePort(port)) {
                return port;
            }
        }
    }

    /** The proxy's own ports have rules of their own in a pod. */
    static boolean isSourcePort(int port) {
        return port != 15001 && port != 15006 && port != 15008 && port != 15053;
    }

    private static boolean isPortBusy(Throwable failure) {
        // Netty has no exception of its own for EADDRINUSE of bind(2) and EADDRNOTAVAIL of connect(2).
        var message = String.valueOf(failure.getMessage());
        return message.contains("Address already in use") || message.contains("Cannot assign requested address");
    }

    private ChannelFuture inside(Callable<ChannelFuture> action) throws IOException {
        try {
            return netns == null ? action.call() : netns.call(action);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("opening a socket in the pod's network namespace failed", e);
        }
    }

    /** IPv4 where the socket is an IPv6 one and the address is mapped. */
    public static InetSocketAddress canonical(InetSocketAddress address) {
        if (address.getAddress() instanceof Inet6Address v6) {
            try {
                // Makes an Inet4Address of a mapped one, and loses the scope, which is not part of an identity.
                return new InetSocketAddress(InetAddress.getByAddress(v6.getAddress()), address.getPort());
            } catch (UnknownHostException e) {
                throw new AssertionError("16 bytes are an address", e);
            }
        }
        return address;
    }

    /** Lets the namespace go; what is open stays open. */
    @Override
    public void close() {
        if (netns != null) {
            netns.close();
        }
    }
}
