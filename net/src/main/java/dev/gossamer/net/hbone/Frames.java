package dev.gossamer.net.hbone;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What the peer's frames mean: RFC 9113 as far as CONNECT needs it.
 *
 * <p>Confined to the connection's event loop.
 */
final class Frames implements FrameSink {
    private final HboneConnection connection;
    private final HboneConfig config;
    private final WindowBudget budget;
    private final HeaderCodec codec;
    private final FrameWriter writer;
    private final Sender sender;
    private final Keepalive keepalive;
    private final FloodGuard floods = new FloodGuard(System.nanoTime());

    private int lastPeerStream;
    private long peerMaxStreams = Long.MAX_VALUE;

    /** What the peer may still send on all streams together. */
    private int allowed = FrameType.DEFAULT_WINDOW;
    /** The first window of streams that was announced last, and the one that the peer is known to use. */
    private int firstWindow = FrameType.DEFAULT_WINDOW;

    private int firstWindowOfPeer = FrameType.DEFAULT_WINDOW;
    private boolean settingsUnanswered;

    private @Nullable HboneStream dataStream;
    private int dataDelivered;

    Frames(
            HboneConnection connection,
            HboneConfig config,
            WindowBudget budget,
            HeaderCodec codec,
            FrameWriter writer,
            Sender sender,
            Keepalive keepalive) {
        this.connection = connection;
        this.config = config;
        this.budget = budget;
        this.codec = codec;
        this.writer = writer;
        this.sender = sender;
        this.keepalive = keepalive;
    }

    // windows of our own

    /** Says the first words of the connection. */
    void start() {
        int window = Math.min(config.streamWindowBytes(), budget.firstWindow());
        if (connection.isServer()) {
            writer.settings(
                    FrameType.MAX_CONCURRENT_STREAMS, config.streams(),
                    FrameType.INITIAL_WINDOW_SIZE, window,
                    FrameType.MAX_FRAME_SIZE, config.frameBytes(),
                    FrameType.MAX_HEADER_LIST_SIZE, config.headerListBytes());
        } else {
            writer.preface();
            writer.settings(
                    FrameType.ENABLE_PUSH,
                    0,
                    FrameType.INITIAL_WINDOW_SIZE,
                    window,
                    FrameType.MAX_FRAME_SIZE,
                    config.frameBytes(),
                    FrameType.MAX_HEADER_LIST_SIZE,
                    config.headerListBytes());
        }
        announced(window);
        topUpConnection();
        keepalive.start();
    }

    void stop() {
        keepalive.stop();
    }

    int firstWindowOfPeer() {
        return firstWindowOfPeer;
    }

    /** A larger window holds at once, a smaller one when the peer has confirmed it. */
    private void announced(int window) {
        settingsUnanswered = true;
        firstWindow = window;
        if (window > firstWindowOfPeer) {
            apply(window);
        }
    }

    private void apply(int window) {
        int change = window - firstWindowOfPeer;
        firstWindowOfPeer = window;
        for (var stream : connection.streams()) {
            stream.input().firstWindowChanged(change);
        }
    }

    /** The budget's share of a stream may have changed. Not for every little step, each costs the peer a frame. */
    void onStreamOpened() {
        int share = Math.min(config.streamWindowBytes(), budget.firstWindow());
        if (!settingsUnanswered && (share < firstWindow || share >= 4 * firstWindow)) {
            writer.settings(FrameType.INITIAL_WINDOW_SIZE, share);
            announced(share);
            connection.flushSoon();
        }
    }

    private void topUpConnection() {
        int missing = config.connectionWindowBytes() - allowed;
        if (missing >= config.connectionWindowBytes() / 4) {
            writer.windowUpdate(0, missing);
            allowed += missing;
            connection.flushSoon();
        }
    }

    void onReadComplete() {
        if (!connection.isEnding()) {
            topUpConnection();
        }
    }

    int lastPeerStream() {
        return lastPeerStream;
    }

    int peerMaxStreams() {
        return (int) Math.min(peerMaxStreams, Integer.MAX_VALUE);
    }

    // frames

    @Override
    public void onDataStart(int id, int length) throws ConnectionError {
        if (length > allowed) {
            throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, "more data than the connection's window allows");
        }
        allowed -= length;
        dataDelivered = 0;
        dataStream = connection.stream(id);
        var stream = dataStream;
        if (stream == null) {
            requireNotIdle(id);
            return;
        }
        if (stream.isEndReceived()) {
            throw new ConnectionError(ErrorCode.STREAM_CLOSED, "data after the end of stream " + id);
        }
        if (!connection.isServer() && !stream.isAnswered()) {
            violate(stream, ErrorCode.PROTOCOL_ERROR, "data before the response");
        } else if (!stream.input().arrived(length)) {
            violate(stream, ErrorCode.FLOW_CONTROL_ERROR, "more data than the stream's window allows");
        }
    }

    private void violate(HboneStream stream, ErrorCode code, String reason) {
        connection.sendReset(stream.id(), code);
        stream.finish(new StreamEnd.Violated(reason));
    }

    /** Frames for a stream that was closed a moment ago are normal; for one that never was they are not. */
    private void requireNotIdle(int id) throws ConnectionError {
        boolean idle = connection.isServer() ? id > lastPeerStream : id >= connection.nextStream();
        // Even ids are for pushes, which are not wanted.
        if (idle || id % 2 == 0) {
            throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "a frame for stream " + id + ", which nobody opened");
        }
    }

    @Override
    public void onDataPart(int id, ByteBuf part) {
        var stream = dataStream;
        if (stream == null || stream.isClosed()) {
            part.release();
            return;
        }
        dataDelivered += part.readableBytes();
        if (stream.onData(part)) {
            connection.markDirty(stream);
        }
    }

    @Override
    public void onDataEnd(int id, int length, boolean endStream) throws ConnectionError {
        if (length == 0 && !endStream) {
            floods.count(FloodGuard.Kind.EMPTY_DATA, System.nanoTime());
        }
        var stream = dataStream;
        dataStream = null;
        if (stream == null || stream.isClosed()) {
            return;
        }
        // Padding is passed on to nobody.
        stream.consumed(length - dataDelivered);
        if (endStream) {
            stream.onEnd();
        }
    }

    @Override
    public void onHeaders(int id, ByteBuf block, boolean endStream) throws ConnectionError {
        Http2Headers headers = null;
        String malformed = null;
        try {
            headers = codec.decode(id, block);
        } catch (HeaderCodec.MalformedHeaders e) {
            malformed = String.valueOf(e.getMessage());
        }
        var stream = connection.stream(id);
        if (stream == null && connection.isServer() && id > lastPeerStream && id % 2 == 1) {
            lastPeerStream = id;
            onRequest(id, headers, endStream);
        } else if (stream == null) {
            requireNotIdle(id);
        } else if (headers == null) {
            violate(stream, ErrorCode.PROTOCOL_ERROR, "malformed headers: " + malformed);
        } else if (stream.isEndReceived()) {
            throw new ConnectionError(ErrorCode.STREAM_CLOSED, "headers after the end of stream " + id);
        } else if (!connection.isServer() && !stream.isAnswered()) {
            onResponse(stream, headers, endStream);
        } else if (endStream) {
            // Trailers say nothing on a tunnel, but they do end it.
            stream.onEnd();
        } else {
            violate(stream, ErrorCode.PROTOCOL_ERROR, "headers in the middle of a tunnel");
        }
    }

    private void onRequest(int id, @Nullable Http2Headers headers, boolean endStream) throws ConnectionError {
        var handler = connection.connectHandler();
        if (handler == null || connection.isEnding()) {
            return;
        }
        if (connection.isFinalGoAwaySent() || connection.activeStreams() >= config.streams()) {
            floods.count(FloodGuard.Kind.EARLY_RESET, System.nanoTime());
            connection.sendReset(id, ErrorCode.REFUSED_STREAM);
            return;
        }
        var method = headers == null ? null : headers.method();
        if (headers == null || method == null || !isWellFormed(headers, method)) {
            floods.count(FloodGuard.Kind.EARLY_RESET, System.nanoTime());
            connection.sendReset(id, ErrorCode.PROTOCOL_ERROR);
            return;
        }
        var stream = connection.newStream(id);
        var channel = connection.channel();
        var authority = headers.authority();
        handler.onConnect(
                new ConnectRequest(
                        method.toString(),
                        authority == null ? "" : authority.toString(),
                        HeaderCodec.ordinary(headers),
                        connection.peer(),
                        address(channel.remoteAddress()),
                        address(channel.localAddress())),
                stream);
        if (endStream && !stream.isClosed()) {
            stream.onEnd();
        }
    }

    /** RFC 9113, section 8.5: CONNECT names an authority, but neither scheme nor path. */
    private static boolean isWellFormed(Http2Headers headers, CharSequence method) {
        boolean connect = "CONNECT".contentEquals(method);
        return !connect || headers.authority() != null && headers.scheme() == null && headers.path() == null;
    }

    private static InetSocketAddress address(@Nullable Object address) {
        return address instanceof InetSocketAddress inet ? inet : InetSocketAddress.createUnresolved("unknown", 0);
    }

    private void onResponse(HboneStream stream, Http2Headers headers, boolean endStream) {
        int status = status(headers);
        if (status < 100) {
            violate(stream, ErrorCode.PROTOCOL_ERROR, "a response without a status");
        } else if (status < 200) {
            if (endStream) {
                violate(stream, ErrorCode.PROTOCOL_ERROR, "an interim response that ends the stream");
            }
        } else {
            stream.onResponse(status, HeaderCodec.ordinary(headers));
            if (endStream && !stream.isClosed()) {
                stream.onEnd();
            }
        }
    }

    private static int status(Http2Headers headers) {
        var text = headers.status();
        if (text == null || text.length() != 3) {
            return 0;
        }
        int status = 0;
        for (int i = 0; i < 3; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            status = status * 10 + digit;
        }
        return status;
    }

    @Override
    public void onReset(int id, long code) throws ConnectionError {
        var stream = connection.stream(id);
        if (stream == null) {
            requireNotIdle(id);
            return;
        }
        if (connection.isServer() && !stream.isAnswered()) {
            floods.count(FloodGuard.Kind.EARLY_RESET, System.nanoTime());
        }
        var error = ErrorCode.of(code);
        stream.finish(error == ErrorCode.REFUSED_STREAM ? new StreamEnd.Refused() : new StreamEnd.Reset(error));
    }

    @Override
    public void onSettings(ByteBuf settings) throws ConnectionError {
        floods.count(FloodGuard.Kind.SETTINGS, System.nanoTime());
        while (settings.isReadable()) {
            int key = settings.readUnsignedShort();
            onSetting(key, settings.readUnsignedInt());
        }
        writer.settingsAck();
        sender.resume();
        connection.flushSoon();
    }

    private void onSetting(int key, long value) throws ConnectionError {
        switch (key) {
            case FrameType.HEADER_TABLE_SIZE -> codec.peerTableSize(value);
            case FrameType.ENABLE_PUSH -> requireSetting(value == 0 || value == 1 && connection.isServer(), key, value);
            case FrameType.MAX_CONCURRENT_STREAMS -> {
                peerMaxStreams = value;
                connection.onCapacity();
            }
            case FrameType.INITIAL_WINDOW_SIZE -> changePeerWindow(value);
            case FrameType.MAX_FRAME_SIZE -> {
                requireSetting(value >= FrameType.DEFAULT_FRAME_BYTES && value < 1 << 24, key, value);
                writer.maxFrameBytes((int) value);
            }
            default -> {
                // RFC 9113, section 6.5.2: unknown settings are ignored; so is the advice on header lists.
            }
        }
    }

    private static void requireSetting(boolean right, int key, long value) throws ConnectionError {
        if (!right) {
            throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "setting " + key + " is " + value);
        }
    }

    private void changePeerWindow(long value) throws ConnectionError {
        if (value > Integer.MAX_VALUE) {
            throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, "a first window of " + value + " bytes");
        }
        int change = sender.changeFirstStreamWindow((int) value);
        for (var stream : connection.streams()) {
            if (!stream.output().add(change)) {
                throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, "a stream's window overflows");
            }
        }
    }

    @Override
    public void onSettingsAck() {
        settingsUnanswered = false;
        if (firstWindow < firstWindowOfPeer) {
            apply(firstWindow);
        }
    }

    @Override
    public void onPing(long content, boolean ack) throws ConnectionError {
        floods.count(FloodGuard.Kind.PING, System.nanoTime());
        if (ack) {
            keepalive.onAnswer(content);
        } else {
            writer.ping(content, true);
            connection.flushSoon();
        }
    }

    @Override
    public void onGoAway(int lastStream, long code, String text) {
        if (!connection.isServer()) {
            for (var stream : connection.streams()) {
                if (stream.id() > lastStream) {
                    stream.finish(new StreamEnd.Refused());
                }
            }
        }
        var error = ErrorCode.of(code);
        if (error == ErrorCode.NO_ERROR) {
            connection.onPeerDraining();
        } else {
            connection.close(new ConnectionEnd.ProtocolFailed(error, "the peer says: " + text));
        }
    }

    @Override
    public void onWindowUpdate(int id, int increment) throws ConnectionError {
        if (id == 0) {
            if (increment == 0) {
                throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "a window update by nothing");
            }
            sender.addWindow(increment);
            sender.resume();
            connection.flushSoon();
            return;
        }
        var stream = connection.stream(id);
        if (stream == null) {
            requireNotIdle(id);
        } else if (increment == 0) {
            violate(stream, ErrorCode.PROTOCOL_ERROR, "a window update by nothing");
        } else if (!stream.output().add(increment)) {
            violate(stream, ErrorCode.FLOW_CONTROL_ERROR, "the stream's window overflows");
        } else {
            sender.resume(stream);
            connection.flushSoon();
        }
    }

    @Override
    public void onIgnored() throws ConnectionError {
        floods.count(FloodGuard.Kind.IGNORED, System.nanoTime());
    }
}
