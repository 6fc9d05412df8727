package dev.gossamer.lab.volumes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceFieldSelector;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a pod may know of itself: fields and resources, as the downward API names them. Immutable. */
public final class DownwardApi {
    private static final Pattern KEYED = Pattern.compile("metadata\\.(labels|annotations)\\['([^']+)'\\]");

    private final Pod pod;
    private final Map<String, Quantity> capacity;

    /**
     * {@code pod}: with its addresses in the status. {@code capacity}: of its node, which is what a container without a
     * limit may use.
     */
    public DownwardApi(Pod pod, Map<String, Quantity> capacity) {
        this.pod = pod;
        this.capacity = Map.copyOf(capacity);
    }

    /**
     * The value of a {@code fieldRef}.
     *
     * @throws MissingObjectException if no such field is offered
     */
    public String field(String path) throws MissingObjectException {
        var metadata = pod.getMetadata();
        var keyed = KEYED.matcher(path);
        if (keyed.matches()) {
            var values = keyed.group(1).equals("labels") ? metadata.getLabels() : metadata.getAnnotations();
            return values == null ? "" : values.getOrDefault(keyed.group(2), "");
        }
        return switch (path) {
            case "metadata.name" -> metadata.getName();
            case "metadata.namespace" -> metadata.getNamespace();
            case "metadata.uid" -> metadata.getUid();
            case "metadata.labels" -> lines(metadata.getLabels());
            case "metadata.annotations" -> lines(metadata.getAnnotations());
            case "spec.nodeName" -> text(pod.getSpec().getNodeName());
            case "spec.serviceAccountName" -> text(pod.getSpec().getServiceAccountName());
            case "status.hostIP" -> text(pod.getStatus().getHostIP());
            case "status.hostIPs" ->
                pod.getStatus().getHostIPs().stream().map(ip -> ip.getIp()).collect(Collectors.joining(","));
            case "status.podIP" -> text(pod.getStatus().getPodIP());
            case "status.podIPs" ->
                pod.getStatus().getPodIPs().stream().map(ip -> ip.getIp()).collect(Collectors.joining(","));
            default -> throw new MissingObjectException("the downward API has no field '" + path + "'");
        };
    }

    /**
     * The value of a {@code resourceFieldRef} in units of its divisor, rounded up.
     *
     * @throws MissingObjectException if the reference names no known resource or container
     */
    public String resource(ResourceFieldSelector selector, String defaultContainer) throws MissingObjectException {
        var name = selector.getContainerName() == null ? defaultContainer : selector.getContainerName();
        var container = pod.getSpec().getContainers().stream()
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new MissingObjectException("resourceFieldRef names no container: '" + name + "'"));
        var amount = Quantity.getAmountInBytes(quantity(container, selector.getResource()));
        var divisor = selector.getDivisor();
        var unit = divisor == null ? BigDecimal.ONE : Quantity.getAmountInBytes(divisor);
        if (unit.signum() == 0) {
            unit = BigDecimal.ONE;
        }
        return amount.divide(unit, 0, RoundingMode.CEILING).toPlainString();
    }

    private Quantity quantity(Container container, String resource) throws MissingObjectException {
        var resources = container.getResources();
        boolean isLimit = resource.startsWith("limits.");
        if (!isLimit && !resource.startsWith("requests.")) {
            throw new MissingObjectException("the downward API has no resource '" + resource + "'");
        }
        var kind = resource.substring(resource.indexOf('.') + 1);
        var whole = capacity.get(kind);
        Map<String, Quantity> limits =
                resources == null || resources.getLimits() == null ? Map.of() : resources.getLimits();
        Map<String, Quantity> requests =
                resources == null || resources.getRequests() == null ? Map.of() : resources.getRequests();
        if (isLimit) {
            var limit = limits.getOrDefault(kind, whole);
            return limit == null ? new Quantity("0") : limit;
        }
        return requests.getOrDefault(kind, limits.getOrDefault(kind, new Quantity("0")));
    }

    private static String lines(@Nullable Map<String, String> values) {
        return values == null
                ? ""
                : new TreeMap<>(values)
                        .entrySet().stream()
                                .map(entry -> entry.getKey() + "=\"" + escape(entry.getValue()) + "\"")
                                .collect(Collectors.joining("\n"));
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
