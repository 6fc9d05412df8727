package dev.gossamer.ztunnel.admin;

import dev.gossamer.core.telemetry.Logging;
import dev.gossamer.net.admin.AdminRequest;
import dev.gossamer.net.admin.AdminResponse;
import dev.gossamer.net.admin.AdminRoutes;
import dev.gossamer.ztunnel.telemetry.Readiness;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Which pages there are, and what each shows. Stateless. */
public final class AdminPages {
    private static final String OPEN_METRICS = OpenMetricsTextFormatWriter.CONTENT_TYPE;

    private AdminPages() {}

    /** For port 15000, loopback only. {@code stop}: begins a graceful end. */
    public static AdminRoutes admin(ConfigDump dump, Logging logging, Runnable stop) {
        var routes = new AdminRoutes();
        return routes.any("/config_dump", _ -> AdminResponse.json(dump.render()))
                .post("/quitquitquit", _ -> {
                    stop.run();
                    return AdminResponse.text("shutdown now\n");
                })
                .post("/logging", request -> logging(request, logging))
                .any("/", _ -> AdminResponse.html(index(routes)));
    }

    /** For port 15020. */
    public static AdminRoutes metrics(PrometheusRegistry registry) {
        return new AdminRoutes()
                .any("/metrics", request -> metrics(request, registry))
                .any("/stats/prometheus", request -> metrics(request, registry));
    }

    /** For port 15021. */
    public static AdminRoutes readiness(Readiness readiness) {
        return new AdminRoutes().get("/healthz/ready", _ -> {
            var pending = readiness.pending();
            return pending.isEmpty()
                    ? AdminResponse.text("ready\n")
                    : AdminResponse.text(500, "not ready, pending: " + String.join(", ", pending) + "\n");
        });
    }

    private static AdminResponse logging(AdminRequest request, Logging logging) {
        var level = request.parameter("level");
        if (request.query().containsKey("reset")) {
            logging.resetLevels();
        }
        if (level != null && !level.isEmpty()) {
            try {
                logging.setLevels(logging.levels().with(level));
            } catch (IllegalArgumentException e) {
                return AdminResponse.text(400, e.getMessage() + "\n");
            }
        }
        return AdminResponse.text("current log level is " + logging.levels() + "\n");
    }

    private static AdminResponse metrics(AdminRequest request, PrometheusRegistry registry) throws IOException {
        var out = new ByteArrayOutputStream();
        new OpenMetricsTextFormatWriter(false, false).write(out, registry.scrape());
        var accept = request.headers().getOrDefault("accept", "");
        var type = accept.contains("application/openmetrics-text") ? OPEN_METRICS : "text/plain; charset=utf-8";
        return new AdminResponse(200, type, out.toByteArray());
    }

    private static String index(AdminRoutes routes) {
        var page = new StringBuilder("<!DOCTYPE html><title>Gossamer ztunnel</title><h1>Gossamer ztunnel</h1><ul>");
        for (var path : routes.paths()) {
            page.append("<li><a href=\"")
                    .append(path)
                    .append("\">")
                    .append(path)
                    .append("</a></li>");
        }
        return page.append("</ul>").toString();
    }
}
