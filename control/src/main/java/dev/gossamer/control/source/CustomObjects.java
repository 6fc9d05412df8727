package dev.gossamer.control.source;

import dev.gossamer.control.observed.Endpoint;
import dev.gossamer.control.observed.GatewayClassObject;
import dev.gossamer.control.observed.GatewayObject;
import dev.gossamer.control.observed.GatewayObject.Admission;
import dev.gossamer.control.observed.GatewayObject.LabelSelector;
import dev.gossamer.control.observed.GatewayObject.Operator;
import dev.gossamer.control.observed.GatewayObject.Requirement;
import dev.gossamer.control.observed.Metadata;
import dev.gossamer.control.observed.ServiceEntryObject;
import dev.gossamer.control.observed.ServiceEntryObject.Resolution;
import dev.gossamer.control.observed.WorkloadEntryObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads Istio's and the Gateway API's kinds that describe services, workloads and gateways. Stateless. */
final class CustomObjects {
    /** How traffic enters a waypoint. */
    private static final int HBONE_PORT = 15008;

    private CustomObjects() {}

    static ServiceEntryObject serviceEntry(Metadata metadata, Fields spec, Fields status) {
        var ports = spec.children("ports").stream()
                .map(port -> new ServiceEntryObject.Port(
                        port.text("name"), port.number("number"), port.number("targetPort"), port.text("protocol")))
                .toList();
        return new ServiceEntryObject(
                metadata,
                spec.texts("hosts"),
                spec.texts("addresses"),
                ports,
                resolution(spec.text("resolution")),
                spec.children("endpoints").stream().map(CustomObjects::endpoint).toList(),
                spec.has("workloadSelector") ? spec.child("workloadSelector").textMap("labels") : null,
                spec.texts("subjectAltNames"),
                status.children("addresses").stream()
                        .map(address -> new ServiceEntryObject.Allocated(address.text("host"), address.text("value")))
                        .toList());
    }

    private static Resolution resolution(String text) {
        return switch (text) {
            case "STATIC" -> Resolution.STATIC;
            case "DNS" -> Resolution.DNS;
            case "DNS_ROUND_ROBIN" -> Resolution.DNS_ROUND_ROBIN;
            case "DYNAMIC_DNS" -> Resolution.DYNAMIC_DNS;
            default -> Resolution.NONE;
        };
    }

    static WorkloadEntryObject workloadEntry(Metadata metadata, Fields spec) {
        return new WorkloadEntryObject(metadata, endpoint(spec));
    }

    private static Endpoint endpoint(Fields spec) {
        return new Endpoint(
                spec.text("address"),
                spec.numberMap("ports"),
                spec.textMap("labels"),
                spec.text("serviceAccount"),
                spec.text("locality"),
                spec.text("network"),
                Math.max(0, spec.number("weight")));
    }

    static GatewayObject gateway(Metadata metadata, Fields spec, Fields status) {
        var addresses = new ArrayList<GatewayObject.Address>();
        for (var address : status.children("addresses")) {
            addresses.add(new GatewayObject.Address(address.text("type").equals("Hostname"), address.text("value")));
        }
        return new GatewayObject(
                metadata, spec.text("gatewayClassName"), addresses, admission(spec.children("listeners")));
    }

    static GatewayClassObject gatewayClass(Metadata metadata) {
        return new GatewayClassObject(metadata);
    }

    /** What the HBONE listener allows; a gateway without one admits its own namespace. */
    private static Admission admission(List<Fields> listeners) {
        for (var listener : listeners) {
            var protocol = listener.text("protocol");
            if (listener.number("port") == HBONE_PORT
                    || protocol.equals("HBONE")
                    || protocol.equals("istio.io/PROXY")) {
                return admission(listener.child("allowedRoutes").child("namespaces"));
            }
        }
        return new Admission.Same();
    }

    private static Admission admission(Fields namespaces) {
        return switch (namespaces.text("from")) {
            case "All" -> new Admission.All();
            case "Selector" -> new Admission.Matching(labelSelector(namespaces.child("selector")));
            default -> new Admission.Same();
        };
    }

    private static LabelSelector labelSelector(Fields selector) {
        var requirements = new ArrayList<Requirement>();
        for (var expression : selector.children("matchExpressions")) {
            var operator =
                    switch (expression.text("operator")) {
                        case "NotIn" -> Operator.NOT_IN;
                        case "Exists" -> Operator.EXISTS;
                        case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
                        default -> Operator.IN;
                    };
            requirements.add(new Requirement(expression.text("key"), operator, expression.texts("values")));
        }
        Map<String, String> labels = selector.textMap("matchLabels");
        return new LabelSelector(labels, requirements);
    }
}
