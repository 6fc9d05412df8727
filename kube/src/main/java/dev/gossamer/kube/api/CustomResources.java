package dev.gossamer.kube.api;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Definitions of custom resources, as documents to be applied. Thread-safe. */
public final class CustomResources {
    private CustomResources() {}

    /** The definitions of Istio's kinds; each call gives documents of the caller's own. */
    public static List<ObjectNode> istio() {
        throw new IllegalStateException();
    }

    /** The definitions of the Gateway API's kinds; each call gives documents of the caller's own. */
    public static List<ObjectNode> gatewayApi() {
        throw new IllegalStateException();
    }
}
