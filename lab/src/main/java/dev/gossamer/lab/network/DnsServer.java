package dev.gossamer.lab.network;

import dev.gossamer.net.loop.Loops;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DefaultDnsResponse;
import io.netty.handler.codec.dns.DnsOpCode;
import io.netty.handler.codec.dns.DnsQuery;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.handler.codec.dns.TcpDnsQueryDecoder;
import io.netty.handler.codec.dns.TcpDnsResponseEncoder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers DNS queries for the cluster's names, by UDP and TCP. Thread-safe. */
final class DnsServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DnsServer.class);
    /** As short as CoreDNS' default for cluster names: endpoints of headless services change at any time. */
    private static final int TTL_SECONDS = 5;
    /** What fits into a datagram without EDNS0 (RFC 1035, 4.2.1), less room for the header and the question. */
    private static final int MAX_UDP_RECORDS_BYTES = 512 - 12 - 64;

    private final Channel udp;
    private final Channel tcp;

    private DnsServer(Channel udp, Channel tcp) {
        this.udp = udp;
        this.tcp = tcp;
    }

    /**
     * Listens on {@code address}, by both protocols.
     *
     * @throws IOException if the port is taken
     */
    static DnsServer start(InetSocketAddress address, DnsZone zone, Loops loops) throws IOException {
        var udp = new Bootstrap()
                .group(loops.next())
                .channel(EpollDatagramChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast("decoder", new DatagramDnsQueryDecoder());
                        channel.pipeline().addLast("encoder", new DatagramDnsResponseEncoder());
                        channel.pipeline().addLast("zone", new UdpHandler(zone));
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (!udp.isSuccess()) {
            throw new IOException("DNS cannot listen on udp " + address, udp.cause());
        }
        var tcp = new ServerBootstrap()
                .group(loops.next())
                .channel(EpollServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast("decoder", new TcpDnsQueryDecoder());
                        channel.pipeline().addLast("encoder", new TcpDnsResponseEncoder());
                        channel.pipeline().addLast("zone", new TcpHandler(zone));
                    }
                })
                // The port that the kernel chose for UDP, where any was asked for.
                .bind(new InetSocketAddress(
                        address.getAddress(), ((InetSocketAddress) udp.channel().localAddress()).getPort()))
                .awaitUninterruptibly();
        if (!tcp.isSuccess()) {
            udp.channel().close().awaitUninterruptibly();
            throw new IOException("DNS cannot listen on tcp " + address, tcp.cause());
        }
        return new DnsServer(udp.channel(), tcp.channel());
    }

    int port() {
        return ((InetSocketAddress) udp.localAddress()).getPort();
    }

    @Override
    public void close() {
        udp.close().awaitUninterruptibly();
        tcp.close().awaitUninterruptibly();
    }

    /** Confined to its channel's loop. */
    private static final class UdpHandler extends SimpleChannelInboundHandler<DatagramDnsQuery> {
        private final DnsZone zone;

        UdpHandler(DnsZone zone) {
            this.zone = zone;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramDnsQuery query) {
            var response = new DatagramDnsResponse(query.recipient(), query.sender(), query.id());
            fill(response, query, zone);
            if (sizeOf(response) > MAX_UDP_RECORDS_BYTES) {
                // The asker comes back by TCP.
                response.clear(DnsSection.ANSWER);
                response.clear(DnsSection.ADDITIONAL);
                response.setTruncated(true);
            }
            var _ = context.writeAndFlush(response);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LOG.debug("a DNS datagram could not be read: {}", cause.toString());
        }
    }

    /** Confined to its channel's loop. */
    private static final class TcpHandler extends SimpleChannelInboundHandler<DnsQuery> {
        private final DnsZone zone;

        TcpHandler(DnsZone zone) {
            this.zone = zone;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, DnsQuery query) {
            var response = new DefaultDnsResponse(query.id());
            fill(response, query, zone);
            var _ = context.writeAndFlush(response);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LOG.debug("a DNS connection ends: {}", cause.toString());
            var _ = context.close();
        }
    }

    private static int sizeOf(DnsResponse response) {
        int bytes = 0;
        for (var section : new DnsSection[] {DnsSection.ANSWER, DnsSection.ADDITIONAL}) {
            for (int i = 0; i < response.count(section); i++) {
                DnsRecord found = response.recordAt(section, i);
                int content =
                        found instanceof DefaultDnsRawRecord raw ? raw.content().readableBytes() : 0;
                bytes += found.name().length() + 12 + content;
            }
        }
        return bytes;
    }

    private static void fill(DnsResponse response, DnsQuery query, DnsZone zone) {
        response.setRecursionDesired(query.isRecursionDesired());
        response.setRecursionAvailable(true);
        DnsQuestion question = query.recordAt(DnsSection.QUESTION);
        if (query.opCode() != DnsOpCode.QUERY || question == null) {
            response.setCode(DnsResponseCode.NOTIMP);
            return;
        }
        response.addRecord(DnsSection.QUESTION, new DefaultDnsQuestion(question.name(), question.type()));
        switch (zone.ask(question.name(), type(question.type()))) {
            case DnsAnswer.Unknown() -> response.setCode(DnsResponseCode.NXDOMAIN);
            case DnsAnswer.Found(var entries, var additional) -> {
                response.setAuthoritativeAnswer(true);
                entries.forEach(entry -> response.addRecord(DnsSection.ANSWER, toRecord(entry)));
                additional.forEach(entry -> response.addRecord(DnsSection.ADDITIONAL, toRecord(entry)));
            }
        }
    }

    private static DnsZone.Type type(DnsRecordType type) {
        if (type.equals(DnsRecordType.A)) {
            return DnsZone.Type.A;
        }
        if (type.equals(DnsRecordType.AAAA)) {
            return DnsZone.Type.AAAA;
        }
        return type.equals(DnsRecordType.SRV) ? DnsZone.Type.SRV : DnsZone.Type.OTHER;
    }

    private static DnsRecord toRecord(DnsEntry entry) {
        return switch (entry) {
            case DnsEntry.Address(var owner, var ipv4) ->
                new DefaultDnsRawRecord(owner, DnsRecordType.A, TTL_SECONDS, Unpooled.wrappedBuffer(bytes(ipv4)));
            case DnsEntry.Srv(var owner, var port, var target) -> {
                var content = Unpooled.buffer();
                // Priority and weight: no endpoint is better than another.
                content.writeShort(0).writeShort(100).writeShort(port);
                writeName(content, target);
                yield new DefaultDnsRawRecord(owner, DnsRecordType.SRV, TTL_SECONDS, content);
            }
            case DnsEntry.Alias(var owner, var target) -> {
                var content = Unpooled.buffer();
                writeName(content, target);
                yield new DefaultDnsRawRecord(owner, DnsRecordType.CNAME, TTL_SECONDS, content);
            }
        };
    }

    /** RFC 1035, 3.1; without compression. */
    private static void writeName(ByteBuf out, String name) {
        for (var label : name.split("\\.")) {
            if (!label.isEmpty()) {
                out.writeByte(label.length());
                out.writeCharSequence(label, StandardCharsets.US_ASCII);
            }
        }
        out.writeByte(0);
    }

    private static byte[] bytes(String ipv4) {
        try {
            return InetAddress.getByName(ipv4).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("not an address: " + ipv4, e);
        }
    }
}
