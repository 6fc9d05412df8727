package dev.gossamer.bench;

import dev.gossamer.bench.contender.Contender;
import dev.gossamer.bench.contender.NetworkPair;
import dev.gossamer.bench.report.Figure;
import dev.gossamer.bench.report.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/**
 * One run: every contender set up once, then rounds in which each takes its turn.
 *
 * <p>Confined to the thread that runs it.
 */
final class L4Run implements AutoCloseable {
    private static final int CONNECTIONS = 64;
    private static final int AT_ONCE = 32;

    /** {@code seconds}: of each load. Immutable. */
    record Settings(int rounds, int seconds, int rate, boolean idle) {}

    private final List<Contender> contenders;
    private final Settings settings;
    private final Results results;
    private final List<Candidate> candidates = new ArrayList<>();

    L4Run(List<Contender> contenders, Settings settings, Results results) {
        this.contenders = contenders;
        this.settings = settings;
        this.results = results;
    }

    void run() throws IOException, InterruptedException {
        int index = 0;
        for (var contender : contenders) {
            say("setting up " + contender.name());
            results.enter(contender.name());
            var directory = Files.createTempDirectory("gossamer-bench-" + contender.name());
            candidates.add(Candidate.start(contender, NetworkPair.create("b" + ++index, index, directory)));
        }
        for (var candidate : candidates) {
            candidate.rss().ifPresent(rss -> results.add(candidate.name(), Figure.RSS_IDLE, rss.megabytes()));
            say("warming up " + candidate.name());
            candidate.ask("max %d %d".formatted(CONNECTIONS, settings.seconds));
            candidate.ask("connect %d 2".formatted(AT_ONCE));
            candidate.ask("down 1 2");
        }
        for (int round = 1; round <= settings.rounds; round++) {
            for (var candidate : candidates) {
                say("round " + round + " of " + settings.rounds + ": " + candidate.name());
                measure(candidate);
            }
        }
        for (var candidate : candidates) {
            candidate.rss().ifPresent(rss -> {
                results.add(candidate.name(), Figure.RSS_LOADED, rss.megabytes());
                results.add(candidate.name(), Figure.ANON_LOADED, rss.anonymousMegabytes());
            });
            if (settings.idle) {
                measureIdle(candidate);
            }
        }
    }

    private void measure(Candidate candidate) throws IOException, InterruptedException {
        var name = candidate.name();
        double before = candidate.cpuMillis();
        var rate = candidate.ask("rate %d %d %d".formatted(settings.rate, CONNECTIONS, settings.seconds));
        addCpu(candidate, Figure.CPU_RATE, before, rate);
        results.add(name, Figure.P50, rate.number("p50"));
        results.add(name, Figure.P90, rate.number("p90"));
        results.add(name, Figure.P99, rate.number("p99"));
        before = candidate.cpuMillis();
        var max = candidate.ask("max %d %d".formatted(CONNECTIONS, settings.seconds));
        addCpu(candidate, Figure.CPU_MAX, before, max);
        results.add(name, Figure.MAX, max.number("perSecond"));
        var connect = candidate.ask("connect %d %d".formatted(AT_ONCE, settings.seconds));
        if (connect.number("failed") > 0) {
            say(name + ": " + (long) connect.number("failed") + " connections failed");
        }
        results.add(name, Figure.CONNECTIONS, connect.number("perSecond"));
        results.add(
                name, Figure.DOWN_1, candidate.ask("down 1 " + settings.seconds).number("gbitPerSecond"));
        results.add(name, Figure.UP_1, candidate.ask("up 1 " + settings.seconds).number("gbitPerSecond"));
        results.add(
                name, Figure.DOWN_8, candidate.ask("down 8 " + settings.seconds).number("gbitPerSecond"));
    }

    private void addCpu(Candidate candidate, Figure figure, double before, Answer answer) throws IOException {
        if (candidate.hasProxies()) {
            results.add(candidate.name(), figure, (candidate.cpuMillis() - before) * 1000 / answer.number("requests"));
        }
    }

    private void measureIdle(Candidate candidate) throws IOException, InterruptedException {
        if (!candidate.hasProxies()) {
            return;
        }
        say("idle connections: " + candidate.name());
        hold(candidate, 1_000, Figure.RSS_1K);
        hold(candidate, 10_000, Figure.RSS_10K);
        candidate.ask("release");
    }

    private void hold(Candidate candidate, int count, Figure figure) throws IOException {
        int held = (int) candidate.ask("hold " + count).number("held");
        if (held < count) {
            say(candidate.name() + " held only " + held + " of " + count + " connections");
        } else {
            candidate.rss().ifPresent(rss -> results.add(candidate.name(), figure, rss.megabytes()));
        }
    }

    private static void say(String text) {
        System.err.println("bench: " + text);
    }

    /** Deletes the proxies' logs: to be called only when nothing failed. */
    void deleteFiles() throws IOException {
        for (var candidate : candidates) {
            candidate.deleteFiles();
        }
    }

    @Override
    public void close() {
        candidates.forEach(Candidate::close);
    }
}
