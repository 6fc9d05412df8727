package dev.gossamer.kube.server;

import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.http.Exchange;
import dev.gossamer.kube.server.http.Requests;
import dev.gossamer.kube.server.http.Subresource;
import dev.gossamer.kube.server.objects.Objects;
import dev.gossamer.kube.server.resource.Resource;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** {@code pods/log}. Thread-safe: holds no state. */
final class PodLogs implements Subresource {
    private static final int BUFFER_BYTES = 16 << 10;

    private final Objects objects;
    private final PodAccess access;
    private final TimeSource time;

    PodLogs(Objects objects, PodAccess access, TimeSource time) {
        this.objects = objects;
        this.access = access;
        this.time = time;
    }

    @Override
    public void serve(Exchange exchange, Resource resource, String namespace, String name)
            throws IOException, ApiException {
        Requests.requireMethod(exchange, "GET");
        var pod = objects.get(resource, namespace, name);
        var container = PodTarget.container(pod, exchange.query("container"));
        var options = new LogOptions(
                container,
                exchange.queryTrue("follow"),
                exchange.queryTrue("previous"),
                exchange.queryTrue("timestamps"),
                exchange.queryNumber("tailLines"),
                since(exchange),
                exchange.queryNumber("limitBytes"));
        try (var log = access.logs(PodTarget.of(pod), options)) {
            var out = exchange.stream("text/plain");
            var buffer = new byte[BUFFER_BYTES];
            for (int n = log.read(buffer); n >= 0; n = log.read(buffer)) {
                out.write(buffer, 0, n);
                // A reader that follows wants each line as it comes.
                if (options.follow()) {
                    out.flush();
                }
            }
            out.close();
        } catch (PodAccessException e) {
            throw PodTarget.failure(resource, name, e);
        }
    }

    private @Nullable Instant since(Exchange exchange) throws ApiException {
        var seconds = exchange.queryNumber("sinceSeconds");
        if (seconds != null) {
            return time.now().minus(Duration.ofSeconds(Math.max(0, Math.min(seconds, Integer.MAX_VALUE))));
        }
        var text = exchange.query("sinceTime");
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw ApiException.badRequest("sinceTime is not a time such as 2026-01-02T15:04:05Z: \"" + text + "\"");
        }
    }
}
