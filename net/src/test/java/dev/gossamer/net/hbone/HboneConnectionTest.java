package dev.gossamer.net.hbone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.net.tls.TlsEvent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HboneConnectionTest {
    private final Ends ends = new Ends();
    private final DefaultHttp2HeadersEncoder hpack = new DefaultHttp2HeadersEncoder();

    @AfterEach
    void close() {
        ends.close();
        hpack.close();
    }

    private HboneStream open(Ear ear) {
        var stream = ends.client.open("10.1.2.3:80", HboneHeaders.of("Baggage", "a=b", "forwarded", "for=x"), ear);
        ear.of(stream);
        ends.settle();
        return stream;
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    @Test
    void carriesAConversation() {
        ends.establish();
        var ear = new Ear();
        var stream = open(ear);

        var request = ends.requests.getFirst();
        assertThat(request.method()).isEqualTo("CONNECT");
        assertThat(request.authority()).isEqualTo("10.1.2.3:80");
        assertThat(request.headers()).isEqualTo(HboneHeaders.of("baggage", "a=b", "forwarded", "for=x"));
        assertThat(request.peer()).isEqualTo(Ends.CLIENT);

        var served = ends.accepted.getFirst();
        served.accept(HboneHeaders.of("baggage", "c=d"));
        var other = new Ear().on(served);
        ends.settle();
        assertThat(ear.status).isEqualTo(200);
        assertThat(ear.headers.get("baggage")).isEqualTo("c=d");

        stream.write(bytes("ping"));
        stream.end();
        ends.settle();
        assertThat(other.heard.toString()).isEqualTo("ping");
        assertThat(other.endsOfInput).isEqualTo(1);
        assertThat(other.ends).isEmpty();

        served.write(bytes("pong"));
        served.end();
        ends.settle();
        assertThat(ear.heard.toString()).isEqualTo("pong");
        assertThat(ear.ends).containsExactly(new StreamEnd.Finished());
        assertThat(other.ends).containsExactly(new StreamEnd.Finished());
    }

    @Test
    void keepsWhatComesBeforeSomebodyListens() {
        ends.establish();
        var stream = open(new Ear());
        stream.write(bytes("early"));
        stream.end();
        ends.settle();

        var served = ends.accepted.getFirst();
        served.accept(HboneHeaders.NONE);
        var ear = new Ear().on(served);
        assertThat(ear.heard.toString()).isEqualTo("early");
        assertThat(ear.endsOfInput).isEqualTo(1);
    }

    @Test
    void tellsLateListenersThatThePeerHasGone() {
        ends.establish();
        var stream = open(new Ear());
        stream.write(bytes("lost"));
        stream.reset(ErrorCode.CANCEL);
        ends.settle();

        var served = ends.accepted.getFirst();
        assertThat(served.isClosed()).isTrue();
        var ear = new Ear().on(served);
        assertThat(ear.heard.size()).isZero();
        assertThat(ear.ends).containsExactly(new StreamEnd.Reset(ErrorCode.CANCEL));
    }

    @Test
    void rejectsWithAStatus() {
        ends.establish();
        var ear = new Ear();
        open(ear);
        ends.accepted.getFirst().reject(401);
        ends.settle();
        assertThat(ear.status).isEqualTo(401);
        assertThat(ear.endsOfInput).isEqualTo(1);
        assertThat(ear.ends).containsExactly(new StreamEnd.Reset(ErrorCode.NO_ERROR));
        assertThat(ends.client.activeStreams()).isZero();
        assertThat(ends.server.activeStreams()).isZero();
        assertThat(ends.clientEnds).isEmpty();
    }

    @Test
    void opensNoMoreStreamsThanThePeerTakes() {
        ends.establish();
        int opened = 0;
        while (ends.client.canOpen()) {
            open(new Ear());
            opened++;
        }
        assertThat(opened).isEqualTo(100);
        ends.accepted.getFirst().reject(503);
        ends.settle();
        assertThat(ends.client.canOpen()).isTrue();
    }

    @Test
    void drainsInTwoSteps() {
        ends.establish();
        var ear = new Ear();
        open(ear);
        ends.server.drain();
        ends.settle();
        assertThat(ends.draining).isTrue();
        assertThat(ends.client.canOpen()).isFalse();
        assertThat(ends.clientEnds).isEmpty();

        // A stream that was on its way is still served; when all are done the client closes.
        ends.accepted.getFirst().reject(503);
        ends.settle();
        assertThat(ends.clientEnds).containsExactly(new ConnectionEnd.Finished());
        ends.serverChannel.close();
        assertThat(ends.serverEnds).hasSize(1);
    }

    @Test
    void tellsStreamsWhenTheConnectionGoes() {
        ends.establish();
        var ear = new Ear();
        open(ear);
        ends.clientChannel.close();
        var lost = new ConnectionEnd.Lost("the connection was cut without notice");
        assertThat(ear.ends).containsExactly(new StreamEnd.ConnectionEnded(lost));
        assertThat(ends.clientEnds).containsExactly(lost);
    }

    @Test
    void reportsFailedTls() {
        ends.clientChannel.pipeline().fireUserEventTriggered(new TlsEvent.Failed("expired"));
        ends.clientChannel.close();
        assertThat(ends.clientEnds).containsExactly(new ConnectionEnd.TlsFailed("expired"));
    }

    // what a peer may not do

    private static ByteBuf frame(int type, int flags, int stream, String hex) {
        var payload = ByteBufUtil.decodeHexDump(hex);
        return Unpooled.directBuffer()
                .writeMedium(payload.length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream)
                .writeBytes(payload);
    }

    private void startRaw() {
        ends.serverChannel.pipeline().fireUserEventTriggered(new TlsEvent.Established(Ends.CLIENT, List.of()));
        send(bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
        send(frame(FrameType.SETTINGS, 0, 0, ""));
        answers();
    }

    private void send(ByteBuf bytes) {
        ends.serverChannel.writeInbound(Unpooled.directBuffer().writeBytes(bytes));
        bytes.release();
        ends.serverChannel.runPendingTasks();
    }

    /** The frames that the server has sent since the last call. */
    private List<String> answers() {
        var sink = new RecordingSink();
        var reader = new FrameReader(sink, ends.serverChannel.alloc(), false, 1 << 20, 65536);
        ends.serverChannel.runPendingTasks();
        for (ByteBuf out; (out = ends.serverChannel.readOutbound()) != null; ) {
            try {
                // The reader wants SETTINGS first, which in the later calls were long ago.
                reader.read(Unpooled.wrappedBuffer(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0}));
                reader.read(out);
            } catch (ConnectionError e) {
                throw new AssertionError(e);
            } finally {
                out.release();
            }
        }
        sink.events.removeIf(event -> event.equals("settings "));
        return sink.events;
    }

    private ByteBuf request(int stream, boolean endStream, Http2Headers headers) throws Exception {
        var block = Unpooled.buffer();
        hpack.encodeHeaders(stream, headers, block);
        var hex = ByteBufUtil.hexDump(block);
        block.release();
        return frame(FrameType.HEADERS, FrameType.END_HEADERS | (endStream ? FrameType.END_STREAM : 0), stream, hex);
    }

    private static Http2Headers connect() {
        return new DefaultHttp2Headers(false).method("CONNECT").authority("10.0.0.1:80");
    }

    private void assertEndsWith(ErrorCode code) {
        assertThat(answers()).last().asString().matches("goaway \\d+ " + code.number() + " .*");
        assertThat(ends.serverChannel.isOpen()).isFalse();
        assertThat(ends.serverEnds).singleElement().isInstanceOf(ConnectionEnd.ProtocolFailed.class);
    }

    @ParameterizedTest(name = "{0}: {5}")
    @CsvSource(
            delimiter = '|',
            value = {
                "data on no stream            | 0 | 0  | 0  | 00                 | PROTOCOL_ERROR",
                "data on an idle stream       | 0 | 0  | 1  | 00                 | PROTOCOL_ERROR",
                "data with only padding       | 0 | 8  | 1  | ''                 | FRAME_SIZE_ERROR",
                "headers on no stream         | 1 | 4  | 0  | 82                 | PROTOCOL_ERROR",
                "headers on an even stream    | 1 | 4  | 2  | 82                 | PROTOCOL_ERROR",
                "headers with a broken index  | 1 | 4  | 1  | ff                 | COMPRESSION_ERROR",
                "headers with all padding     | 1 | 12 | 1  | 0582               | PROTOCOL_ERROR",
                "priority of four bytes       | 2 | 0  | 1  | 00000000           | FRAME_SIZE_ERROR",
                "reset of three bytes         | 3 | 0  | 1  | 000000             | FRAME_SIZE_ERROR",
                "reset of an idle stream      | 3 | 0  | 1  | 00000000           | PROTOCOL_ERROR",
                "settings on a stream         | 4 | 0  | 1  | ''                 | PROTOCOL_ERROR",
                "settings of five bytes       | 4 | 0  | 0  | 0000000000         | FRAME_SIZE_ERROR",
                "an acknowledgement with text | 4 | 1  | 0  | 000300000001       | FRAME_SIZE_ERROR",
                "a first window of 2^31       | 4 | 0  | 0  | 000480000000       | FLOW_CONTROL_ERROR",
                "a frame size of 1000         | 4 | 0  | 0  | 0005000003e8       | PROTOCOL_ERROR",
                "push enabled twice over      | 4 | 0  | 0  | 000200000002       | PROTOCOL_ERROR",
                "a push                       | 5 | 4  | 1  | 0000000282         | PROTOCOL_ERROR",
                "ping of seven bytes          | 6 | 0  | 0  | 00000000000000     | FRAME_SIZE_ERROR",
                "ping on a stream             | 6 | 0  | 1  | 0000000000000000   | PROTOCOL_ERROR",
                "goaway of seven bytes        | 7 | 0  | 0  | 00000000000000     | FRAME_SIZE_ERROR",
                "an update by nothing         | 8 | 0  | 0  | 00000000           | PROTOCOL_ERROR",
                "an update beyond 2^31        | 8 | 0  | 0  | 7fffffff           | FLOW_CONTROL_ERROR",
                "an update of an idle stream  | 8 | 0  | 1  | 00000001           | PROTOCOL_ERROR",
                "a stray continuation         | 9 | 4  | 1  | 82                 | PROTOCOL_ERROR",
            })
    void endsTheConnectionFor(String what, int type, int flags, int stream, String payload, ErrorCode code) {
        startRaw();
        send(frame(type, flags, stream, payload));
        assertEndsWith(code);
    }

    @Test
    void endsTheConnectionForOversizedFrames() {
        startRaw();
        send(Unpooled.directBuffer()
                .writeMedium((1 << 20) + 1)
                .writeByte(99)
                .writeByte(0)
                .writeInt(0));
        assertEndsWith(ErrorCode.FRAME_SIZE_ERROR);
    }

    @Test
    void endsTheConnectionForAnotherPreface() {
        ends.serverChannel.pipeline().fireUserEventTriggered(new TlsEvent.Established(Ends.CLIENT, List.of()));
        answers();
        send(bytes("GET / HTTP/1.1\r\n\r\n"));
        assertEndsWith(ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void endsTheConnectionForAnInterruptedHeaderBlock() {
        startRaw();
        send(frame(FrameType.HEADERS, 0, 1, "82"));
        send(frame(FrameType.PING, 0, 0, "0000000000000000"));
        assertEndsWith(ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void endsTheConnectionForEndlessHeaderBlocks() {
        startRaw();
        send(frame(FrameType.HEADERS, 0, 1, "82"));
        for (int i = 0; i < 32 && ends.serverChannel.isOpen(); i++) {
            send(frame(FrameType.CONTINUATION, 0, 1, ""));
        }
        assertEndsWith(ErrorCode.ENHANCE_YOUR_CALM);
    }

    @ParameterizedTest
    @CsvSource({"PING,1002", "SETTINGS,52", "EARLY_RESET,1002", "EMPTY_DATA,1002", "PRIORITY,1002"})
    void endsTheConnectionForFloods(String kind, int count) throws Exception {
        startRaw();
        send(request(1, false, connect()));
        int sent = 0;
        while (ends.serverChannel.isOpen() && sent < 2 * count + 2000) {
            sent++;
            switch (kind) {
                case "PING" -> send(frame(FrameType.PING, 0, 0, "0000000000000000"));
                case "SETTINGS" -> send(frame(FrameType.SETTINGS, 0, 0, ""));
                case "EMPTY_DATA" -> send(frame(FrameType.DATA, 0, 1, ""));
                case "PRIORITY" -> send(frame(FrameType.PRIORITY, 0, 1, "0000000000"));
                default -> {
                    send(request(1 + 2 * sent, false, connect()));
                    send(frame(FrameType.RST_STREAM, 0, 1 + 2 * sent, "00000008"));
                }
            }
        }
        assertThat(sent).isGreaterThan(40);
        assertEndsWith(ErrorCode.ENHANCE_YOUR_CALM);
    }

    @Test
    void endsTheConnectionForDataAfterTheEnd() throws Exception {
        startRaw();
        send(request(1, true, connect()));
        send(frame(FrameType.DATA, 0, 1, "00"));
        assertEndsWith(ErrorCode.STREAM_CLOSED);
    }

    @Test
    void resetsMalformedRequests() throws Exception {
        startRaw();
        var malformed = new ArrayList<Http2Headers>();
        malformed.add(new DefaultHttp2Headers(false).method("CONNECT"));
        malformed.add(connect().path("/"));
        malformed.add(connect().scheme("https"));
        malformed.add(new DefaultHttp2Headers(false).authority("x:1"));
        malformed.add(connect().add("connection", "close"));
        int stream = 1;
        for (var headers : malformed) {
            send(request(stream, false, headers));
            assertThat(answers()).as(headers.toString()).contains("reset " + stream + " 1");
            stream += 2;
        }
        assertThat(ends.requests).isEmpty();
        assertThat(ends.serverChannel.isOpen()).isTrue();
        send(request(stream, false, connect()));
        assertThat(ends.requests).hasSize(1);
    }

    @Test
    void resetsTooLargeHeaderListsAndGoesOn() throws Exception {
        startRaw();
        send(request(1, false, connect().add("x", "y".repeat(63 * 1024))));
        send(request(3, false, connect().add("x", "y".repeat(60 * 1024))));
        assertThat(ends.requests).hasSizeBetween(1, 2);
        send(request(5, false, connect()));
        assertThat(ends.requests.getLast().headers()).isEqualTo(HboneHeaders.NONE);
    }

    @Test
    void passesOtherMethodsOnForAnAnswer() throws Exception {
        startRaw();
        send(request(
                1,
                true,
                new DefaultHttp2Headers(false)
                        .method("GET")
                        .authority("x")
                        .scheme("http")
                        .path("/")));
        assertThat(ends.requests.getFirst().method()).isEqualTo("GET");
        ends.accepted.getFirst().reject(400);
        assertThat(answers()).singleElement().asString().startsWith("headers 1 true");
    }

    @Test
    void refusesStreamsBeyondTheLimit() throws Exception {
        startRaw();
        for (int i = 0; i <= 200; i++) {
            send(request(1 + 2 * i, false, connect()));
        }
        assertThat(ends.requests).hasSize(200);
        assertThat(answers()).contains("reset 401 7");
        assertThat(ends.serverChannel.isOpen()).isTrue();
    }

    @Test
    void resetsStreamsThatOverrunTheirWindow() throws Exception {
        startRaw();
        send(request(1, false, connect()));
        var listener = new Ear();
        listener.greedy = false;
        listener.on(ends.accepted.getFirst());
        var megabyte = "00".repeat(16384);
        for (int i = 0; i < 20 && listener.ends.isEmpty(); i++) {
            send(frame(FrameType.DATA, 0, 1, megabyte));
        }
        assertThat(listener.ends).containsExactly(new StreamEnd.Violated("more data than the stream's window allows"));
        assertThat(answers()).contains("reset 1 3");
        assertThat(listener.heard.size()).isLessThanOrEqualTo(256 * 1024);
    }

    @Test
    void ignoresWhatComesLateForClosedStreams() throws Exception {
        startRaw();
        send(request(1, false, connect()));
        ends.accepted.getFirst().reset(ErrorCode.CANCEL);
        send(frame(FrameType.DATA, 0, 1, "0102"));
        send(frame(FrameType.WINDOW_UPDATE, 0, 1, "00000001"));
        send(frame(FrameType.RST_STREAM, 0, 1, "00000000"));
        assertThat(ends.serverChannel.isOpen()).isTrue();
    }

    @Test
    void ignoresUnknownFramesAndSettings() {
        startRaw();
        send(frame(0xfa, 0xff, 77, "01020304"));
        send(frame(FrameType.SETTINGS, 0, 0, "00ff00000001"));
        assertThat(answers()).containsExactly("settings ack");
    }

    @Test
    void answersPings() {
        startRaw();
        send(frame(FrameType.PING, 0, 0, "0000000000000007"));
        assertThat(answers()).containsExactly("ping 7 true");
    }

    @Test
    void namesErrorsAsTheStandardDoes() {
        assertThat(ErrorCode.of(8)).isEqualTo(ErrorCode.CANCEL);
        assertThat(ErrorCode.of(0xffff_ffffL)).isEqualTo(ErrorCode.INTERNAL_ERROR);
        assertThat(ErrorCode.ENHANCE_YOUR_CALM.name().toLowerCase(Locale.ROOT)).isEqualTo("enhance_your_calm");
        assertThat(ErrorCode.ENHANCE_YOUR_CALM.number()).isEqualTo(11);
    }
}
