package dev.gossamer.xds.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

final class XxHash64Test {
    private static long hash(String text) {
        return XxHash64.of(ByteString.copyFromUtf8(text));
    }

    /** Values as the reference program prints them. */
    @Test
    void hashesAsTheReferenceDoes() {
        assertThat(hash("")).isEqualTo(0xEF46DB3751D8E999L);
        assertThat(hash("a")).isEqualTo(0xD24EC4F1A98C6E5BL);
        assertThat(hash("abc")).isEqualTo(0x44BC2CF5AD770999L);
        assertThat(hash("Nobody inspects the spammish repetition")).isEqualTo(0xFBCEA83C8A378BF1L);
    }

    @Test
    void coversEveryLength() {
        var seen = new HashSet<Long>();
        for (int length = 0; length < 300; length++) {
            assertThat(seen.add(XxHash64.of(ByteString.copyFrom(new byte[length]))))
                    .isTrue();
        }
    }
}
