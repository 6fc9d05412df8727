package dev.gossamer.bench;

import dev.gossamer.bench.contender.Contender;
import dev.gossamer.bench.contender.NetworkPair;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A contender that runs: its namespaces, its proxies, and the load's two ends. Confined to the run's thread. */
final class Candidate implements AutoCloseable {
    /** Clock ticks a second in {@code /proc/<pid>/stat}: fixed at 100 on Linux's ABI. */
    private static final double MILLIS_PER_TICK = 10;

    private final String name;
    private final NetworkPair network;
    private final List<Process> proxies;
    private final Process server;
    private final Process client;
    private final BufferedReader answers;

    /** What a process holds in memory. Immutable. */
    record Memory(double megabytes, double anonymousMegabytes) {}

    private Candidate(String name, NetworkPair network, List<Process> proxies, Process server, Process client) {
        this.name = name;
        this.network = network;
        this.proxies = proxies;
        this.server = server;
        this.client = client;
        this.answers = client.inputReader(StandardCharsets.UTF_8);
    }

    static Candidate start(Contender contender, NetworkPair network) throws IOException, InterruptedException {
        var address = network.serverAddress().getHostAddress();
        var server = load(network.server(), "dev.gossamer.bench.load.LoadServer", address);
        expectReady(
                new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8)), "server");
        var proxies = contender.start(network);
        var client = load(network.client(), "dev.gossamer.bench.load.LoadClient", address);
        var candidate = new Candidate(contender.name(), network, proxies, server, client);
        expectReady(candidate.answers, "client");
        candidate.awaitFirstAnswer();
        return candidate;
    }

    private static Process load(String namespace, String main, String address) throws IOException {
        return new ProcessBuilder(
                        "ip",
                        "netns",
                        "exec",
                        namespace,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main,
                        address)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void expectReady(BufferedReader reader, String what) throws IOException {
        if (!"ready".equals(reader.readLine())) {
            throw new IOException("the load's " + what + " did not start");
        }
    }

    /** The proxies may need a moment: tries one connection a time until it is answered. */
    private void awaitFirstAnswer() throws IOException, InterruptedException {
        for (int i = 0; i < 30; i++) {
            if (ask("connect 1 1").number("requests") > 0) {
                return;
            }
            for (var proxy : proxies) {
                if (!proxy.isAlive()) {
                    throw new IOException(name + ": a proxy ended: see the logs in " + network.directory());
                }
            }
        }
        throw new IOException(name + ": no request got through: see the logs in " + network.directory());
    }

    String name() {
        return name;
    }

    boolean hasProxies() {
        return !proxies.isEmpty();
    }

    Answer ask(String command) throws IOException {
        var out = client.outputWriter(StandardCharsets.UTF_8);
        out.write(command + "\n");
        out.flush();
        var line = answers.readLine();
        if (line == null) {
            throw new IOException(name + ": the load's client ended at '" + command + "'");
        }
        return new Answer(line);
    }

    /** CPU of all proxies since they started, user and system. */
    double cpuMillis() throws IOException {
        double ticks = 0;
        for (var proxy : proxies) {
            var stat = Files.readString(Path.of("/proc", Long.toString(proxy.pid()), "stat"));
            // The name in parentheses may hold spaces; utime and stime are fields 14 and 15 of all.
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        }
        return ticks * MILLIS_PER_TICK;
    }

    /** Of the client's proxy, if there is one. */
    Optional<Memory> rss() throws IOException {
        if (proxies.isEmpty()) {
            return Optional.empty();
        }
        double all = 0;
        double anonymous = 0;
        for (var line : Files.readAllLines(
                Path.of("/proc", Long.toString(proxies.getFirst().pid()), "status"))) {
            if (line.startsWith("VmRSS:")) {
                all = kilobytes(line) / 1024;
            } else if (line.startsWith("RssAnon:")) {
                anonymous = kilobytes(line) / 1024;
            }
        }
        return Optional.of(new Memory(all, anonymous));
    }

    private static double kilobytes(String line) {
        return Double.parseDouble(line.replaceAll("[^0-9]", ""));
    }

    void deleteFiles() throws IOException {
        network.deleteFiles();
    }

    @Override
    public void close() {
        client.destroy();
        server.destroy();
        for (var proxy : proxies) {
            proxy.destroy();
        }
        for (var proxy : proxies) {
            try {
                if (!proxy.waitFor(Duration.ofSeconds(10))) {
                    proxy.destroyForcibly();
                }
            } catch (InterruptedException e) {
                proxy.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }
}
