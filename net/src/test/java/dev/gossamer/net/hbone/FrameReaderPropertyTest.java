package dev.gossamer.net.hbone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.net.LeakGuard;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;

/** The reader against everything a peer could send, cut in every way. */
final class FrameReaderPropertyTest {
    static {
        LeakGuard.install();
    }

    @AfterContainer
    static void nothingLeaks() throws Exception {
        LeakGuard.check();
    }

    /** Frames of all kinds, mostly well formed. */
    private static byte[] frames(Random random, int count) {
        var out = Unpooled.buffer();
        out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        frame(out, FrameType.SETTINGS, 0, 0, new byte[6 * random.nextInt(3)]);
        for (int i = 0; i < count; i++) {
            int stream = 1 + 2 * random.nextInt(4);
            switch (random.nextInt(12)) {
                case 0, 1, 2 ->
                    frame(out, FrameType.DATA, random.nextInt(2), stream, bytes(random, random.nextInt(200)));
                case 3 -> padded(random, out, FrameType.DATA, 0, stream);
                case 4 ->
                    frame(out, FrameType.HEADERS, FrameType.END_HEADERS | random.nextInt(2), stream, bytes(random, 20));
                case 5 -> continued(random, out, stream);
                case 6 -> padded(random, out, FrameType.HEADERS, FrameType.END_HEADERS, stream);
                case 7 -> frame(out, FrameType.RST_STREAM, 0, stream, bytes(random, 4));
                case 8 -> frame(out, FrameType.PING, random.nextInt(2), 0, bytes(random, 8));
                case 9 -> frame(out, FrameType.WINDOW_UPDATE, 0, random.nextInt(3), bytes(random, 4));
                case 10 ->
                    frame(out, 20 + random.nextInt(200), random.nextInt(256), random.nextInt(9), bytes(random, 30));
                default -> frame(out, FrameType.GOAWAY, 0, 0, bytes(random, 8 + random.nextInt(400)));
            }
        }
        var all = new byte[out.readableBytes()];
        out.readBytes(all);
        out.release();
        return all;
    }

    private static void continued(Random random, ByteBuf out, int stream) {
        frame(out, FrameType.HEADERS, random.nextInt(2), stream, bytes(random, random.nextInt(30)));
        for (int i = random.nextInt(3); i > 0; i--) {
            frame(out, FrameType.CONTINUATION, 0, stream, bytes(random, random.nextInt(30)));
        }
        frame(out, FrameType.CONTINUATION, FrameType.END_HEADERS, stream, bytes(random, random.nextInt(30)));
    }

    private static void padded(Random random, ByteBuf out, int type, int flags, int stream) {
        var content = bytes(random, 1 + random.nextInt(60));
        content[0] = (byte) random.nextInt(content.length);
        frame(out, type, flags | FrameType.PADDED, stream, content);
    }

    private static byte[] bytes(Random random, int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void frame(ByteBuf out, int type, int flags, int stream, byte[] payload) {
        out.writeMedium(payload.length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream)
                .writeBytes(payload);
    }

    /** What the reader makes of {@code bytes}, cut at random. */
    private static List<String> read(byte[] bytes, Random cuts, int longest) {
        var sink = new RecordingSink();
        var reader = new FrameReader(sink, UnpooledByteBufAllocator.DEFAULT, true, 1 << 20, 4096);
        try {
            for (int at = 0; at < bytes.length; ) {
                int length = Math.min(bytes.length - at, 1 + cuts.nextInt(longest));
                var part = UnpooledByteBufAllocator.DEFAULT.directBuffer(length).writeBytes(bytes, at, length);
                at += length;
                try {
                    reader.read(part);
                } finally {
                    part.release();
                }
            }
        } catch (ConnectionError e) {
            sink.events.add(e.getMessage());
        } finally {
            reader.close();
        }
        return sink.events;
    }

    @Property(tries = 60, seed = "11")
    void findsTheSameFramesHoweverTheBytesAreCut(@ForAll int seed, @ForAll @IntRange(min = 1, max = 50) int longest) {
        var bytes = frames(new Random(seed), 20);
        var whole = read(bytes, new Random(0), Integer.MAX_VALUE - 1);
        assertThat(read(bytes, new Random(seed), longest)).isEqualTo(whole);
        assertThat(read(bytes, new Random(seed), 1)).isEqualTo(whole);
    }

    @Property(tries = 60, seed = "12")
    void survivesDamage(@ForAll int seed) {
        var random = new Random(seed);
        var bytes = frames(random, 20);
        for (int i = random.nextInt(8); i > 0; i--) {
            bytes[24 + random.nextInt(bytes.length - 24)] = (byte) random.nextInt();
        }
        var whole = read(bytes, new Random(0), Integer.MAX_VALUE - 1);
        assertThat(read(bytes, random, 40)).isEqualTo(whole);
    }

    @Property(tries = 60, seed = "13")
    void survivesNoise(@ForAll byte[] noise) {
        var out = new ArrayList<String>(read(noise, new Random(1), 7));
        assertThat(out.isEmpty() ? "" : out.getLast()).doesNotContain("Exception");
    }
}
