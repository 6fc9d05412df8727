package dev.gossamer.kube.server.table;

import static dev.gossamer.kube.server.table.PodCells.orNone;

import dev.gossamer.kube.server.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The columns of services and of what belongs to them. Immutable. */
final class ServiceCells {
    static final List<Cell> SERVICES = List.of(
            Cell.NAME,
            Cell.of("Type", "How it is reached.", service -> Json.text(service, "spec", "type")),
            Cell.of(
                    "Cluster-IP",
                    "Its address in the cluster.",
                    service -> orNone(Json.text(service, "spec", "clusterIP"))),
            Cell.of("External-IP", "Its address from outside.", ServiceCells::external),
            Cell.of("Port(s)", "Its ports.", ServiceCells::ports),
            Cell.AGE,
            Cell.wide(
                    "Selector",
                    "The pods behind it.",
                    service -> BuiltInColumns.map(Json.at(service, "spec", "selector"))));

    static final List<Cell> ENDPOINTS =
            List.of(Cell.NAME, Cell.of("Endpoints", "Addresses and ports.", ServiceCells::endpoints), Cell.AGE);

    static final List<Cell> SLICES = List.of(
            Cell.NAME,
            Cell.of("AddressType", "The addresses' family.", slice -> Json.text(slice, "addressType")),
            Cell.of("Ports", "The ports.", ServiceCells::slicePorts),
            Cell.of("Endpoints", "The addresses.", ServiceCells::sliceAddresses),
            Cell.AGE);

    static final List<Cell> INGRESSES = List.of(
            Cell.NAME,
            Cell.of("Class", "Who serves it.", ingress -> orNone(Json.text(ingress, "spec", "ingressClassName"))),
            Cell.of("Hosts", "For which host names.", ServiceCells::hosts),
            Cell.of("Address", "Where it is reached.", ingress -> String.join(",", loadBalancer(ingress))),
            Cell.of(
                    "Ports",
                    "Its ports.",
                    ingress -> Json.at(ingress, "spec", "tls").isEmpty() ? "80" : "80, 443"),
            Cell.AGE);

    /** Lists longer than this are cut, as in a real server. */
    private static final int SHOWN = 3;

    private ServiceCells() {}

    private static String external(ObjectNode service) {
        var spec = service.path("spec");
        var given = new ArrayList<String>();
        spec.path("externalIPs").forEach(ip -> given.add(ip.asString("")));
        return switch (Json.text(spec, "type")) {
            case "ExternalName" -> Json.text(spec, "externalName");
            case "LoadBalancer" -> {
                var all = loadBalancer(service);
                all.addAll(given);
                yield all.isEmpty() ? "<pending>" : String.join(",", all);
            }
            default -> orNone(String.join(",", given));
        };
    }

    private static List<String> loadBalancer(ObjectNode object) {
        var addresses = new ArrayList<String>();
        for (var ingress : Json.at(object, "status", "loadBalancer", "ingress")) {
            var ip = Json.text(ingress, "ip");
            addresses.add(ip.isEmpty() ? Json.text(ingress, "hostname") : ip);
        }
        return addresses;
    }

    private static String ports(ObjectNode service) {
        var ports = new ArrayList<String>();
        for (var port : Json.at(service, "spec", "ports")) {
            long node = Json.number(port, 0, "nodePort");
            ports.add(Json.number(port, 0, "port") + (node == 0 ? "" : ":" + node) + "/" + Json.text(port, "protocol"));
        }
        return orNone(String.join(",", ports));
    }

    private static String endpoints(ObjectNode endpoints) {
        var all = new ArrayList<String>();
        for (var subset : endpoints.path("subsets")) {
            for (var address : subset.path("addresses")) {
                var ip = Json.text(address, "ip");
                if (subset.path("ports").isEmpty()) {
                    all.add(ip);
                }
                subset.path("ports").forEach(port -> all.add(ip + ":" + Json.number(port, 0, "port")));
            }
        }
        return shortened(all);
    }

    private static String slicePorts(ObjectNode slice) {
        var ports = new ArrayList<String>();
        slice.path("ports").forEach(port -> ports.add(Long.toString(Json.number(port, 0, "port"))));
        return ports.isEmpty() ? "<unset>" : shortened(ports);
    }

    private static String sliceAddresses(ObjectNode slice) {
        var addresses = new LinkedHashSet<String>();
        for (JsonNode endpoint : slice.path("endpoints")) {
            endpoint.path("addresses").forEach(address -> addresses.add(address.asString("")));
        }
        return addresses.isEmpty() ? "<unset>" : shortened(List.copyOf(addresses));
    }

    private static String hosts(ObjectNode ingress) {
        var hosts = new ArrayList<String>();
        Json.at(ingress, "spec", "rules").forEach(rule -> {
            if (!Json.text(rule, "host").isEmpty()) {
                hosts.add(Json.text(rule, "host"));
            }
        });
        return hosts.isEmpty() ? "*" : shortened(hosts);
    }

    private static String shortened(List<String> all) {
        if (all.size() <= SHOWN) {
            return orNone(String.join(",", all));
        }
        return String.join(",", all.subList(0, SHOWN)) + " + " + (all.size() - SHOWN) + " more...";
    }
}
