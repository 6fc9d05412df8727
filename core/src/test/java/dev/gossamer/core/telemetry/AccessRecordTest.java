package dev.gossamer.core.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class AccessRecordTest {
    private static final AccessRecord FULL = new AccessRecord(
            new AccessRecord.Party(
                    new InetSocketAddress("10.20.1.2", 40000), "web-1", "shop", "spiffe://td/ns/shop/sa/web", "c1"),
            new AccessRecord.Party(
                    new InetSocketAddress("fd00::9", 15008), "api-1", "shop", "spiffe://td/ns/shop/sa/api", "c1"),
            "10.20.2.9:8080",
            "api.shop.svc.cluster.local",
            AccessRecord.Direction.OUTBOUND,
            11,
            22,
            Duration.ofMillis(13),
            "http status: 401 Unauthorized");

    @Test
    void hasTheFieldsInTheOrderOfTheReference() {
        assertThat(FULL.fields())
                .extracting(LogField::key)
                .containsExactly(
                        "src.addr",
                        "src.workload",
                        "src.namespace",
                        "src.identity",
                        "src.cluster",
                        "dst.addr",
                        "dst.hbone_addr",
                        "dst.service",
                        "dst.workload",
                        "dst.namespace",
                        "dst.identity",
                        "dst.cluster",
                        "direction",
                        "bytes_sent",
                        "bytes_recv",
                        "duration",
                        "error");
        assertThat(FULL.fields())
                .contains(
                        new LogField.Bare("src.addr", "10.20.1.2:40000"),
                        new LogField.Bare("dst.addr", "[fd00:0:0:0:0:0:0:9]:15008"),
                        new LogField.Text("duration", "13ms"));
        assertThat(FULL.level()).isEqualTo(LogLevel.ERROR);
    }

    @Test
    void leavesOutWhatIsNotKnown() {
        var nobody = new AccessRecord.Party(new InetSocketAddress("10.0.0.1", 1), null, null, null, null);
        var plain =
                new AccessRecord(nobody, nobody, null, null, AccessRecord.Direction.INBOUND, 0, 0, Duration.ZERO, null);

        assertThat(plain.fields())
                .extracting(LogField::key)
                .containsExactly("src.addr", "dst.addr", "direction", "bytes_sent", "bytes_recv", "duration");
        assertThat(plain.level()).isEqualTo(LogLevel.INFO);
    }
}
