package dev.gossamer.lab.containers;

import dev.gossamer.lab.topology.Namespace;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.HTTPHeader;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Asks a container how it is, as a kubelet does: from the node's namespace, so that mesh and policies see the node.
 * Thread-safe.
 */
final class Probing {
    /** How one try came out. Immutable. */
    sealed interface Outcome {
        record Success() implements Outcome {}

        record Failure(String message) implements Outcome {}
    }

    private static final int MAX_OUTPUT_BYTES = 10 << 10;
    private static final int FIRST_FAILING_STATUS = 400;
    private static final int FIRST_SUCCESS_STATUS = 200;

    private final Container container;
    private final Namespace node;
    private final String podIp;

    Probing(Container container, Namespace node, String podIp) {
        this.container = container;
        this.node = node;
        this.podIp = podIp;
    }

    Outcome run(Probe probe, ContainerProcess process) throws InterruptedException {
        var timeout = Duration.ofSeconds(probe.getTimeoutSeconds() == null ? 1 : probe.getTimeoutSeconds());
        try {
            if (probe.getHttpGet() != null) {
                return http(probe.getHttpGet(), timeout);
            }
            if (probe.getTcpSocket() != null) {
                var action = probe.getTcpSocket();
                return tcp(host(action.getHost()), port(action.getPort()), timeout);
            }
            if (probe.getExec() != null) {
                return exec(process, probe.getExec().getCommand(), timeout);
            }
        } catch (SocketTimeoutException e) {
            return new Outcome.Failure("no answer within " + timeout.toSeconds() + " s");
        } catch (IOException e) {
            return new Outcome.Failure(String.valueOf(e.getMessage()));
        }
        return new Outcome.Failure("the lab has no probes of this kind: use httpGet, tcpSocket or exec");
    }

    /** Sends one request, ignoring the answer's body. */
    Outcome http(HTTPGetAction action, Duration timeout) throws IOException, InterruptedException {
        var host = host(action.getHost());
        int port = port(action.getPort());
        boolean isTls = "HTTPS".equalsIgnoreCase(action.getScheme());
        var path = action.getPath() == null || action.getPath().isEmpty() ? "/" : action.getPath();
        var url = (isTls ? "https://" : "http://") + host + ":" + port + (path.startsWith("/") ? path : "/" + path);
        try (var channel = node.newSocket()) {
            var socket = channel.socket();
            socket.connect(new InetSocketAddress(host, port), (int) timeout.toMillis());
            socket.setSoTimeout((int) timeout.toMillis());
            var stream = isTls ? UncheckedTls.over(socket, host, port) : socket;
            stream.getOutputStream().write(request(action, host, port, path).getBytes(StandardCharsets.US_ASCII));
            var answer = stream.getInputStream().readNBytes("HTTP/1.1 200".length());
            int status = status(new String(answer, StandardCharsets.US_ASCII));
            return status >= FIRST_SUCCESS_STATUS && status < FIRST_FAILING_STATUS
                    ? new Outcome.Success()
                    : new Outcome.Failure("HTTP probe failed with statuscode: " + status);
        } catch (SocketTimeoutException e) {
            return new Outcome.Failure("Get \"" + url + "\": no answer within " + timeout.toSeconds() + " s");
        } catch (IOException e) {
            return new Outcome.Failure("Get \"" + url + "\": " + e.getMessage());
        }
    }

    private static String request(HTTPGetAction action, String host, int port, String path) {
        var lines = new StringBuilder("GET " + (path.startsWith("/") ? path : "/" + path) + " HTTP/1.1\r\n");
        var headers = action.getHttpHeaders() == null ? List.<HTTPHeader>of() : action.getHttpHeaders();
        if (headers.stream().noneMatch(header -> header.getName().equalsIgnoreCase("Host"))) {
            lines.append("Host: ").append(host).append(':').append(port).append("\r\n");
        }
        headers.forEach(header -> lines.append(header.getName())
                .append(": ")
                .append(header.getValue())
                .append("\r\n"));
        return lines.append("User-Agent: kube-probe/1.32\r\nAccept: */*\r\nConnection: close\r\n\r\n")
                .toString();
    }

    private static int status(String line) throws IOException {
        if (!line.startsWith("HTTP/1.") || line.length() < "HTTP/1.1 200".length()) {
            throw new IOException("the answer is not HTTP");
        }
        try {
            return Integer.parseInt(line.substring("HTTP/1.1 ".length()));
        } catch (NumberFormatException e) {
            throw new IOException("the answer's status is not a number", e);
        }
    }

    private Outcome tcp(String host, int port, Duration timeout) throws IOException, InterruptedException {
        try (var channel = node.newSocket()) {
            channel.socket().connect(new InetSocketAddress(host, port), (int) timeout.toMillis());
            return new Outcome.Success();
        } catch (IOException e) {
            return new Outcome.Failure(String.format(Locale.ROOT, "dial tcp %s:%d: %s", host, port, e.getMessage()));
        }
    }

    private static Outcome exec(ContainerProcess process, List<String> command, Duration timeout)
            throws IOException, InterruptedException {
        var argv = new ArrayList<>(List.of("/bin/sh", "-c", "exec \"$@\" 2>&1", "probe"));
        argv.addAll(command);
        var started = process.exec(argv);
        try (var output = started.getInputStream()) {
            started.getOutputStream().close();
            if (!started.waitFor(timeout)) {
                return new Outcome.Failure("command timed out after " + timeout.toSeconds() + " s");
            }
            var text = new String(output.readNBytes(MAX_OUTPUT_BYTES), StandardCharsets.UTF_8).strip();
            return started.exitValue() == 0
                    ? new Outcome.Success()
                    : new Outcome.Failure(text.isEmpty() ? "exit code " + started.exitValue() : text);
        } finally {
            started.destroyForcibly();
        }
    }

    private String host(@Nullable String given) {
        return given == null || given.isEmpty() ? podIp : given;
    }

    /** A number, or the name of one of the container's ports. */
    private int port(IntOrString port) throws IOException {
        if (port.getIntVal() != null) {
            return port.getIntVal();
        }
        for (var declared : container.getPorts()) {
            if (port.getStrVal().equals(declared.getName())) {
                return declared.getContainerPort();
            }
        }
        try {
            return Integer.parseInt(port.getStrVal());
        } catch (NumberFormatException e) {
            throw new IOException("container " + container.getName() + " has no port named " + port.getStrVal(), e);
        }
    }
}
