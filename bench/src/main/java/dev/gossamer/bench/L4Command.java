package dev.gossamer.bench;

import dev.gossamer.bench.contender.Contender;
import dev.gossamer.bench.contender.Direct;
import dev.gossamer.bench.contender.HaproxyPair;
import dev.gossamer.bench.contender.ZtunnelPair;
import dev.gossamer.bench.report.Renderer;
import dev.gossamer.bench.report.Results;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gossamer bench l4}: pairs of L4 proxies. */
@Command(
        name = "l4",
        description =
                "Latency, rates, throughput, CPU and memory of a pair of L4 proxies: direct, HAProxy over mutual TLS,"
                        + " Istio's ztunnel and Gossamer's.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  ./gossamer bench l4",
            "  ./gossamer bench l4 --istio-ztunnel ~/ztunnel/out/rust/release/ztunnel --rounds 5",
            "  ./gossamer bench l4 --only direct,gossamer --seconds 3"
        })
final class L4Command implements Callable<Integer> {
    @Option(
            names = "--rounds",
            defaultValue = "3",
            description = "Interleaved rounds; medians are shown (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "5", description = "Length of each load (default ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--rate",
            defaultValue = "4000",
            description = "Requests a second of the open loop (default ${DEFAULT-VALUE}).")
    private int rate;

    @Option(
            names = "--idle",
            defaultValue = "true",
            negatable = true,
            fallbackValue = "true",
            description = "Measure memory with idle connections.")
    private boolean idle;

    @Option(
            names = "--only",
            split = ",",
            description = "Names of the contenders to run: direct, haproxy, istio, gossamer.")
    private List<String> only = List.of();

    @Option(
            names = "--istio-ztunnel",
            description = "Istio's ztunnel, built with its feature 'testing'; left out if not given.")
    private @Nullable Path istioZtunnel;

    @Option(
            names = {"-o", "--out"},
            defaultValue = "bench-l4",
            description = "Directory for results.json and chart.svg (default ${DEFAULT-VALUE}).")
    private Path out = Path.of("bench-l4");

    private L4Command() {}

    @Override
    public Integer call() throws Exception {
        var results = new Results();
        var running = new ArrayList<Contender>();
        for (var contender : contenders()) {
            var missing = contender.missing();
            if (!only.isEmpty() && !only.contains(contender.name())) {
                continue;
            }
            if (missing == null) {
                running.add(contender);
            } else {
                results.leaveOut(contender.name(), missing);
            }
        }
        try (var run = new L4Run(running, new L4Run.Settings(rounds, seconds, rate, idle), results)) {
            run.run();
            run.deleteFiles();
        }
        var description = "L4 pairs, %d requests/s over 64 connections, medians of %d rounds of %d s, %d cores"
                .formatted(rate, rounds, seconds, Runtime.getRuntime().availableProcessors());
        System.out.println(description);
        System.out.print(Renderer.table(results));
        Files.createDirectories(out);
        Files.writeString(out.resolve("results.json"), Renderer.json(results, description));
        Files.writeString(out.resolve("chart.svg"), Renderer.svg(results, description));
        System.out.println("written: " + out.resolve("results.json") + ", " + out.resolve("chart.svg"));
        return 0;
    }

    private List<Contender> contenders() {
        var istio = istioZtunnel;
        return List.of(
                new Direct(),
                new HaproxyPair(onPath("haproxy")),
                new ZtunnelPair(
                        "istio",
                        ZtunnelPair.Kind.ISTIO,
                        istio == null
                                ? List.of()
                                : List.of(istio.toAbsolutePath().toString()),
                        "name its binary with --istio-ztunnel"),
                new ZtunnelPair(
                        "gossamer",
                        ZtunnelPair.Kind.GOSSAMER,
                        List.of(System.getProperty("gossamer.home", ".") + "/gossamer", "ztunnel"),
                        ""));
    }

    private static @Nullable Path onPath(String program) {
        var path = System.getProperty("gossamer.path", "/usr/sbin:/usr/bin");
        for (var directory : path.split(File.pathSeparator)) {
            var candidate = Path.of(directory, program);
            if (Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        return null;
    }
}
