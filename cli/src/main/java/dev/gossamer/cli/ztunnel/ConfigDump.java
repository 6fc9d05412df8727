package dev.gossamer.cli.ztunnel;

import dev.gossamer.cli.command.CommandException;
import dev.gossamer.cli.command.ExitCode;
import dev.gossamer.cli.command.Output;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What one or several node proxies know, as their admin page {@code /config_dump} tells it.
 *
 * <p>What all of them are told the same is there once; certificates and connections are each proxy's own. Immutable, as
 * long as nobody changes the trees.
 */
public record ConfigDump(
        List<JsonNode> workloads,
        List<JsonNode> services,
        List<JsonNode> policies,
        List<JsonNode> certificates,
        List<JsonNode> states) {

    /**
     * Reads and merges dumps.
     *
     * @param bodies by who said it
     * @throws CommandException if one is no dump
     */
    public static ConfigDump parse(Map<String, String> bodies) throws CommandException {
        var dumps = new ArrayList<JsonNode>();
        for (var entry : bodies.entrySet()) {
            JsonNode tree;
            try {
                tree = Output.JSON.readTree(entry.getValue());
            } catch (JacksonException e) {
                throw new CommandException(
                        ExitCode.FAILED, entry.getKey() + " is not the JSON of a ztunnel's /config_dump", e);
            }
            if (!tree.isObject() || !tree.has("workloads")) {
                throw new CommandException(ExitCode.FAILED, entry.getKey() + " is not a ztunnel's /config_dump");
            }
            dumps.add(tree);
        }
        return new ConfigDump(
                merge(dumps, "workloads", node -> text(node, "uid")),
                merge(dumps, "services", node -> text(node, "namespace") + "/" + text(node, "hostname")),
                merge(dumps, "policies", node -> text(node, "namespace") + "/" + text(node, "name")),
                merge(dumps, "certificates", ConfigDump::certificateKey),
                dumps.stream()
                        .map(dump -> dump.path("workloadState"))
                        .filter(JsonNode::isObject)
                        .flatMap(state -> state.values().stream())
                        .toList());
    }

    private static List<JsonNode> merge(List<JsonNode> dumps, String section, Function<JsonNode, String> key) {
        var merged = new LinkedHashMap<String, JsonNode>();
        dumps.stream()
                .flatMap(dump -> elements(dump.path(section)))
                .forEach(node -> merged.putIfAbsent(key.apply(node), node));
        return List.copyOf(merged.values());
    }

    /** Two nodes that run the same identity have two certificates of it. */
    private static String certificateKey(JsonNode certificate) {
        var leaf = certificate.path("certChain").path(0);
        return text(certificate, "identity") + "/" + text(leaf, "serialNumber") + "/" + text(certificate, "state");
    }

    public static Stream<JsonNode> elements(JsonNode array) {
        return array.isArray() ? StreamSupport.stream(array.spliterator(), false) : Stream.empty();
    }

    /** The field's text; empty if there is none. */
    public static String text(JsonNode node, String field) {
        var value = node.path(field);
        return value.isMissingNode() || value.isNull() ? "" : value.asString();
    }

    /** {@code network/address} without the network, which is empty where there is only one. */
    public static String withoutNetwork(String address) {
        int slash = address.indexOf('/');
        return slash < 0 ? address : address.substring(slash + 1);
    }

    /** The name of the waypoint that a workload or service is sent through, or {@code None}. */
    public String waypoint(JsonNode owner) {
        var destination = text(owner.path("waypoint"), "destination");
        if (destination.isEmpty()) {
            return "None";
        }
        var service = services.stream()
                .filter(candidate ->
                        destination.equals(text(candidate, "namespace") + "/" + text(candidate, "hostname"))
                                || elements(candidate.path("vips"))
                                        .anyMatch(vip -> vip.asString().equals(destination)))
                .findFirst();
        return service.map(node -> text(node, "name")).orElse(destination);
    }

    public @Nullable JsonNode workload(String namespace, String name) {
        return find(workloads, namespace, name);
    }

    private static @Nullable JsonNode find(Collection<JsonNode> nodes, String namespace, String name) {
        return nodes.stream()
                .filter(node -> text(node, "namespace").equals(namespace)
                        && text(node, "name").equals(name))
                .findFirst()
                .orElse(null);
    }
}
