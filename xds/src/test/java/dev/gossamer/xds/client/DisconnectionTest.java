package dev.gossamer.xds.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.xds.client.ConnectionState.Reason;
import io.grpc.Status;
import org.junit.jupiter.api.Test;

final class DisconnectionTest {
    private static Disconnection end(Status status) {
        return Disconnection.of(status, true, true);
    }

    @Test
    void tellsRoutineEndsFromErrors() {
        assertThat(end(Status.OK).reason()).isEqualTo(Reason.COMPLETE);
        for (var status : new Status[] {
            Status.UNKNOWN,
            Status.CANCELLED,
            Status.DEADLINE_EXCEEDED,
            Status.UNAVAILABLE.withDescription("transport is closing"),
            Status.UNAVAILABLE.withDescription("closing: received prior goaway: code: NO_ERROR"),
            Status.UNAVAILABLE.withDescription("Connection closed after GOAWAY. HTTP/2 error code: NO_ERROR")
        }) {
            assertThat(end(status).reason()).as("%s", status).isEqualTo(Reason.RECONNECT);
            assertThat(end(status).backsOff()).isFalse();
        }
        for (var status : new Status[] {
            Status.UNAVAILABLE,
            Status.UNAVAILABLE.withDescription("io exception"),
            Status.UNAUTHENTICATED,
            Status.INTERNAL
        }) {
            assertThat(end(status).reason()).as("%s", status).isEqualTo(Reason.ERROR);
            assertThat(end(status).backsOff()).isTrue();
        }
    }

    @Test
    void backsOffWhereAServerAnswersNothing() {
        assertThat(Disconnection.of(Status.OK, true, false).backsOff()).isTrue();
        assertThat(Disconnection.of(Status.OK, true, true).backsOff()).isFalse();
        var refused = Disconnection.of(Status.UNAVAILABLE, false, false);
        assertThat(refused.reason()).isEqualTo(Reason.CONNECTION_ERROR);
        assertThat(refused.backsOff()).isTrue();
    }

    @Test
    void saysTheCause() {
        assertThat(end(Status.UNAVAILABLE.withDescription("io exception").withCause(new java.io.IOException("refused")))
                        .message())
                .isEqualTo("UNAVAILABLE: io exception (java.io.IOException: refused)");
    }
}
