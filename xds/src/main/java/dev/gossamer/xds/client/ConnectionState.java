package dev.gossamer.xds.client;

import java.time.Instant;

/** Whether the client has a stream to its control plane. Immutable. */
public sealed interface ConnectionState {
    record Connecting(int failures) implements ConnectionState {}

    record Connected(Instant since) implements ConnectionState {}

    /** {@code reason}: why the last stream ended or could not be had. */
    record Disconnected(Reason reason, String message) implements ConnectionState {}

    record Closed() implements ConnectionState {}

    /** Labels of the termination counter. */
    enum Reason {
        CONNECTION_ERROR("ConnectionError"),
        RECONNECT("Reconnect"),
        ERROR("Error"),
        COMPLETE("Complete");

        private final String label;

        Reason(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }
}
