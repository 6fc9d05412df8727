package dev.gossamer.kube.server;

import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.http.ChannelSocket;
import dev.gossamer.kube.server.http.Exchange;
import dev.gossamer.kube.server.http.Requests;
import dev.gossamer.kube.server.http.Subresource;
import dev.gossamer.kube.server.http.WebSockets;
import dev.gossamer.kube.server.objects.Objects;
import dev.gossamer.kube.server.resource.Resource;
import java.nio.channels.ByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** {@code pods/exec}, {@code pods/attach} and {@code pods/portforward}, over WebSockets. Thread-safe: holds no state. */
final class PodStreams {
    private static final List<String> EXEC_PROTOCOLS = List.of("v5.channel.k8s.io", "v4.channel.k8s.io");
    private static final List<String> FORWARD_PROTOCOLS = List.of("v4.channel.k8s.io", "v5.channel.k8s.io");
    private static final int MAX_PORTS = 16;

    private final Objects objects;
    private final PodAccess access;
    private final WebSockets sockets;

    private PodStreams(Objects objects, PodAccess access, WebSockets sockets) {
        this.objects = objects;
        this.access = access;
        this.sockets = sockets;
    }

    static Map<String, Subresource> all(Objects objects, PodAccess access, WebSockets sockets) {
        var own = new PodStreams(objects, access, sockets);
        return Map.of(
                "/pods/exec", (exchange, pods, namespace, name) -> own.exec(exchange, pods, namespace, name, false),
                "/pods/attach", (exchange, pods, namespace, name) -> own.exec(exchange, pods, namespace, name, true),
                "/pods/portforward", own::forward);
    }

    private void exec(Exchange exchange, Resource pods, String namespace, String name, boolean attach)
            throws ApiException {
        Requests.requireMethod(exchange, "GET", "POST");
        var protocol = WebSockets.protocol(exchange, EXEC_PROTOCOLS);
        var pod = objects.get(pods, namespace, name);
        var options = options(exchange, pod, attach);
        ExecSession session;
        try {
            session = attach ? access.attach(PodTarget.of(pod), options) : access.exec(PodTarget.of(pod), options);
        } catch (PodAccessException e) {
            throw PodTarget.failure(pods, name, e);
        }
        upgrade(exchange, protocol, new ExecConversation(session, options.tty()), session::close);
    }

    private static ExecOptions options(Exchange exchange, ObjectNode pod, boolean attach) throws ApiException {
        var command = attach ? List.<String>of() : exchange.queryAll("command");
        if (!attach && command.isEmpty()) {
            throw ApiException.badRequest("you must specify at least 1 command for the container");
        }
        return new ExecOptions(
                PodTarget.container(pod, exchange.query("container")),
                command,
                exchange.queryTrue("stdin"),
                exchange.queryTrue("tty"));
    }

    private void forward(Exchange exchange, Resource pods, String namespace, String name) throws ApiException {
        Requests.requireMethod(exchange, "GET", "POST");
        var protocol = WebSockets.protocol(exchange, FORWARD_PROTOCOLS);
        var pod = objects.get(pods, namespace, name);
        var ports = ports(exchange);
        var connections = new ArrayList<ByteChannel>();
        Runnable closeAll = () -> connections.forEach(ForwardConversation::closeQuietly);
        try {
            for (var port : ports) {
                connections.add(access.connect(PodTarget.of(pod), port));
            }
        } catch (PodAccessException e) {
            closeAll.run();
            throw PodTarget.failure(pods, name, e);
        }
        upgrade(exchange, protocol, new ForwardConversation(ports, connections), closeAll);
    }

    private static List<Integer> ports(Exchange exchange) throws ApiException {
        var ports = new ArrayList<Integer>();
        for (var list : exchange.queryAll("ports")) {
            for (var text : list.split(",")) {
                if (!text.matches("\\d{1,5}") || Integer.parseInt(text) == 0 || Integer.parseInt(text) > 65535) {
                    throw ApiException.badRequest("\"" + text + "\" is not a port");
                }
                ports.add(Integer.valueOf(text));
            }
        }
        if (ports.isEmpty() || ports.size() > MAX_PORTS) {
            throw ApiException.badRequest("query parameter \"ports\" names 1 to " + MAX_PORTS + " ports");
        }
        return ports;
    }

    private void upgrade(
            Exchange exchange, String protocol, ChannelSocket.Conversation conversation, Runnable afterwards)
            throws ApiException {
        boolean begun = false;
        try {
            sockets.upgrade(exchange, protocol, new ChannelSocket(conversation, afterwards));
            begun = true;
        } finally {
            if (!begun) {
                afterwards.run();
            }
        }
    }
}
