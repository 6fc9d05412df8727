package dev.gossamer.kube.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Definitions of custom resources, as documents to be applied. Thread-safe. */
public final class CustomResources {
    private static final List<String> ISTIO = List.of(
            "authorizationpolicy",
            "peerauthentication",
            "requestauthentication",
            "serviceentry",
            "workloadentry",
            "workloadgroup",
            "virtualservice",
            "destinationrule",
            "gateway",
            "sidecar",
            "envoyfilter",
            "proxyconfig",
            "telemetry",
            "wasmplugin");

    private static final List<String> GATEWAY_API = List.of(
            "gatewayclass",
            "gateway",
            "httproute",
            "grpcroute",
            "tlsroute",
            "tcproute",
            "listenerset",
            "referencegrant",
            "backendtlspolicy");

    /** The documents share parts by anchors, so that each version need not repeat the schema; Jackson does not resolve these. */
    private static final LoadSettings SETTINGS =
            LoadSettings.builder().setMaxAliasesForCollections(1_000).build();

    private CustomResources() {}

    /** The definitions of Istio's kinds; each call gives documents of the caller's own. */
    public static List<ObjectNode> istio() {
        return ISTIO.stream().map(name -> read("istio/" + name)).toList();
    }

    /** The definitions of the Gateway API's kinds; each call gives documents of the caller's own. */
    public static List<ObjectNode> gatewayApi() {
        return GATEWAY_API.stream().map(name -> read("gatewayapi/" + name)).toList();
    }

    private static ObjectNode read(String name) {
        try (var resource = CustomResources.class.getResourceAsStream(name + ".yaml")) {
            if (resource == null) {
                throw new IllegalStateException("a definition is not on the class path: " + name + ".yaml");
            }
            return JsonMapper.shared().valueToTree(new Load(SETTINGS).loadFromInputStream(resource));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
