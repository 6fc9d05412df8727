package dev.gossamer.lab.apps;

import dev.gossamer.core.config.InvalidSettingsException;
import dev.gossamer.core.config.Settings;
import dev.gossamer.core.lifecycle.Shutdown;
import dev.gossamer.core.lifecycle.TaskGroup;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;

/**
 * One program of the demo: a small HTTP service that calls others all the time, on connections that last and on new
 * ones, and counts every call that fails. Confined to the main thread.
 */
public final class Demo {
    private Demo() {}

    public static void main(String[] arguments) throws InterruptedException {
        // Otherwise the server's answers wait for the client's acknowledgements.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        try (var shutdown = new Shutdown()) {
            shutdown.onSignal();
            run(DemoConfig.read(Settings.ofEnvironment()), shutdown);
        } catch (InvalidSettingsException | IOException e) {
            System.err.println("demo: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void run(DemoConfig config, Shutdown shutdown) throws IOException, InterruptedException {
        PrintStream out = System.out;
        var callers = new ArrayList<Caller>();
        for (var target : config.targets()) {
            callers.add(new Caller(config, target, true, out));
            callers.add(new Caller(config, target, false, out));
        }
        var counters = callers.stream().map(Caller::counter).toList();
        var server = shutdown.owns(DemoServer.start(config, counters));
        out.println(config.name() + " listens on port " + server.port() + " and calls " + config.targets());
        var tasks = shutdown.owns(new TaskGroup("caller"));
        callers.forEach(caller -> tasks.start(caller::run));
        if (config.runFor().isPositive()) {
            tasks.start(() -> endAfter(config.runFor(), shutdown));
        }
        shutdown.await();
        counters.forEach(out::println);
    }

    private static void endAfter(Duration time, Shutdown shutdown) throws InterruptedException {
        Thread.sleep(time);
        shutdown.request();
    }
}
