package dev.gossamer.core.telemetry;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the access log says of one connection. Immutable.
 *
 * @param hboneAddress the authority asked for through the tunnel
 * @param service hostname
 * @param bytesSent by this proxy towards whoever it dialled or answered: the request outbound, the answer inbound
 */
public record AccessRecord(
        Party source,
        Party destination,
        @Nullable String hboneAddress,
        @Nullable String service,
        Direction direction,
        long bytesSent,
        long bytesReceived,
        Duration duration,
        @Nullable String error) {
    public enum Direction {
        INBOUND("inbound"),
        OUTBOUND("outbound");

        private final String text;

        Direction(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /**
     * One end; what is not known is absent. Immutable.
     *
     * @param workload name of the pod
     * @param identity only where mutual TLS proved it
     */
    public record Party(
            @Nullable InetSocketAddress address,
            @Nullable String workload,
            @Nullable String namespace,
            @Nullable String identity,
            @Nullable String cluster) {}

    /** When the connection is over. */
    public String message() {
        return "connection complete";
    }

    public LogLevel level() {
        return error == null ? LogLevel.INFO : LogLevel.ERROR;
    }

    /** The fields while the connection is open: all that do not count. */
    public List<LogField> openedFields() {
        var fields = new ArrayList<LogField>(17);
        addParties(fields);
        return fields;
    }

    /** In the order that log processors of Istio's node proxy expect. */
    public List<LogField> fields() {
        var fields = new ArrayList<LogField>(17);
        addParties(fields);
        fields.add(new LogField.Count("bytes_sent", bytesSent));
        fields.add(new LogField.Count("bytes_recv", bytesReceived));
        fields.add(new LogField.Text("duration", duration.toMillis() + "ms"));
        addText(fields, "error", error);
        return fields;
    }

    private void addParties(List<LogField> fields) {
        addAddress(fields, "src.addr", source.address);
        addText(fields, "src.workload", source.workload);
        addText(fields, "src.namespace", source.namespace);
        addText(fields, "src.identity", source.identity);
        addText(fields, "src.cluster", source.cluster);
        addAddress(fields, "dst.addr", destination.address);
        if (hboneAddress != null) {
            fields.add(new LogField.Bare("dst.hbone_addr", hboneAddress));
        }
        addText(fields, "dst.service", service);
        addText(fields, "dst.workload", destination.workload);
        addText(fields, "dst.namespace", destination.namespace);
        addText(fields, "dst.identity", destination.identity);
        addText(fields, "dst.cluster", destination.cluster);
        addText(fields, "direction", direction.text);
    }

    private static void addText(List<LogField> fields, String key, @Nullable String value) {
        if (value != null) {
            fields.add(new LogField.Text(key, value));
        }
    }

    private static void addAddress(List<LogField> fields, String key, @Nullable InetSocketAddress address) {
        if (address != null) {
            fields.add(new LogField.Bare(key, hostAndPort(address)));
        }
    }

    /** {@code 10.0.0.1:80}, {@code [fd00::1]:80}, or {@code name:80} where the name is not resolved. */
    public static String hostAndPort(InetSocketAddress address) {
        if (address.isUnresolved()) {
            return address.getHostString() + ":" + address.getPort();
        }
        var host = address.getAddress().getHostAddress();
        return host.indexOf(':') < 0 ? host + ":" + address.getPort() : "[" + host + "]:" + address.getPort();
    }
}
