package dev.gossamer.lab.pods;

import dev.gossamer.kube.server.ExecOptions;
import dev.gossamer.kube.server.ExecSession;
import dev.gossamer.kube.server.LogOptions;
import dev.gossamer.kube.server.PodAccess;
import dev.gossamer.kube.server.PodAccessException;
import dev.gossamer.kube.server.PodAccessException.Kind;
import dev.gossamer.kube.server.PodRef;
import dev.gossamer.lab.containers.ContainerTask;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The pods of all nodes, for the API server to reach into. Thread-safe. */
public final class RunningPods implements PodAccess {
    private static final int CONNECT_TIMEOUT_MILLIS = 5000;

    private final Map<String, PodWorker> pods = new ConcurrentHashMap<>();

    void add(String uid, PodWorker worker) {
        pods.put(uid, worker);
    }

    void remove(String uid, PodWorker worker) {
        pods.remove(uid, worker);
    }

    @Override
    public InputStream logs(PodRef pod, LogOptions options) throws PodAccessException {
        var container = container(pod, options.container());
        try {
            var log = container.log(options);
            if (log != null) {
                return log;
            }
        } catch (IOException e) {
            throw new PodAccessException(Kind.FAILED, "reading the log failed: " + e.getMessage(), e);
        }
        throw new PodAccessException(
                Kind.REFUSED,
                options.previous()
                        ? "previous terminated container \"" + options.container() + "\" in pod \"" + pod.name()
                                + "\" not found"
                        : "container \"" + options.container() + "\" in pod \"" + pod.name()
                                + "\" is waiting to start: no logs yet");
    }

    @Override
    public ExecSession exec(PodRef pod, ExecOptions options) throws PodAccessException {
        var container = container(pod, options.container());
        try {
            var process = container.exec(options.tty() ? onTerminal(options.command()) : options.command());
            if (process != null) {
                if (!options.stdin()) {
                    process.getOutputStream().close();
                }
                return new ProcessSession(process);
            }
        } catch (IOException e) {
            throw new PodAccessException(Kind.FAILED, "starting the command failed: " + e.getMessage(), e);
        }
        throw notRunning(pod, options.container());
    }

    /** {@code script} has the terminal that the JVM cannot make. */
    private static List<String> onTerminal(List<String> command) {
        var quoted = new ArrayList<String>();
        command.forEach(word -> quoted.add("'" + word.replace("'", "'\\''") + "'"));
        return List.of("script", "--quiet", "--return", "--command", String.join(" ", quoted), "/dev/null");
    }

    @Override
    public ExecSession attach(PodRef pod, ExecOptions options) throws PodAccessException {
        var container = container(pod, options.container());
        try {
            var log = container.log(new LogOptions(options.container(), true, false, false, 0L, null, null));
            var stdin = container.stdin();
            if (log != null && stdin != null) {
                return new AttachedSession(container, log, options.stdin() ? stdin : OutputStream.nullOutputStream());
            }
        } catch (IOException e) {
            throw new PodAccessException(Kind.FAILED, "attaching failed: " + e.getMessage(), e);
        }
        throw notRunning(pod, options.container());
    }

    @Override
    public ByteChannel connect(PodRef pod, int port) throws PodAccessException {
        var sandbox = worker(pod).sandbox();
        if (sandbox == null) {
            throw new PodAccessException(Kind.REFUSED, "pod " + pod.name() + " has no network yet");
        }
        try {
            var channel = sandbox.namespace().newSocket();
            try {
                channel.socket()
                        .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_TIMEOUT_MILLIS);
                return channel;
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new PodAccessException(
                    Kind.FAILED, "connecting to port " + port + " of pod " + pod.name() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PodAccessException(Kind.FAILED, "connecting was interrupted", e);
        }
    }

    private PodWorker worker(PodRef pod) throws PodAccessException {
        var worker = pods.get(pod.uid());
        if (worker == null) {
            throw new PodAccessException(
                    Kind.REFUSED,
                    pod.node().isEmpty()
                            ? "pod " + pod.name() + " does not have a host assigned"
                            : "pod " + pod.name() + " is not known on node " + pod.node());
        }
        return worker;
    }

    private ContainerTask container(PodRef pod, String name) throws PodAccessException {
        var container = worker(pod).container(name);
        if (container == null) {
            throw new PodAccessException(
                    Kind.REFUSED, "container \"" + name + "\" in pod \"" + pod.name() + "\" is waiting to start");
        }
        return container;
    }

    private static PodAccessException notRunning(PodRef pod, String container) {
        return new PodAccessException(
                Kind.FAILED, "container \"" + container + "\" of pod \"" + pod.name() + "\" does not run");
    }
}
