package dev.gossamer.lab.apps;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Answers calls, and tells how its own have gone. Thread-safe. */
final class DemoServer implements AutoCloseable {
    private final DemoConfig config;
    private final List<CallCounter> counters;
    private final LongAdder served = new LongAdder();
    private final HttpServer server;

    private DemoServer(DemoConfig config, List<CallCounter> counters, HttpServer server) {
        this.config = config;
        this.counters = counters;
        this.server = server;
    }

    /** {@code counters}: shown at {@code /stats}. */
    static DemoServer start(DemoConfig config, List<CallCounter> counters) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(config.port()), 0);
        var demo = new DemoServer(config, counters, server);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", demo::hello);
        server.createContext("/healthz", exchange -> answer(exchange, "text/plain", "ok\n"));
        server.createContext("/stats", exchange -> answer(exchange, "application/json", demo.stats()));
        server.start();
        return demo;
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void hello(HttpExchange exchange) throws IOException {
        served.increment();
        answer(
                exchange,
                "text/plain",
                config.name() + (config.version().isEmpty() ? "" : " " + config.version()) + "\n");
    }

    /** Counts over all targets, and for each. */
    String stats() {
        return "{\"app\":\"" + config.name() + "\",\"version\":\"" + config.version() + "\",\"served\":" + served.sum()
                + ",\"total\":" + sum(CallCounter::total)
                + ",\"failed\":" + sum(CallCounter::failures)
                + ",\"reconnects\":" + sum(CallCounter::reconnects)
                + ",\"calls\":" + counters.stream().map(CallCounter::json).collect(Collectors.joining(",", "[", "]"))
                + "}\n";
    }

    private long sum(ToLongFunction<CallCounter> value) {
        return counters.stream().mapToLong(value).sum();
    }

    private static void answer(HttpExchange exchange, String type, String text) throws IOException {
        try (exchange) {
            var body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
