package dev.gossamer.lab.volumes;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The text of a pod's {@code /etc/hosts} and {@code /etc/resolv.conf}. Immutable. */
final class PodFiles {
    private static final String DOMAIN = "cluster.local";

    private PodFiles() {}

    static String hosts(Pod pod, String podIp) {
        var spec = pod.getSpec();
        var lines = new ArrayList<String>();
        lines.add("# made by gossamer's pod runner");
        lines.add("127.0.0.1\tlocalhost");
        lines.add("::1\tlocalhost ip6-localhost ip6-loopback");
        lines.add(podIp + "\t" + qualified(pod) + hostname(pod));
        if (spec.getHostAliases() != null) {
            spec.getHostAliases()
                    .forEach(alias -> lines.add(alias.getIp() + "\t" + String.join("\t", alias.getHostnames())));
        }
        return lines(lines);
    }

    private static String qualified(Pod pod) {
        var subdomain = pod.getSpec().getSubdomain();
        return subdomain == null || subdomain.isEmpty()
                ? ""
                : hostname(pod) + "." + subdomain + "." + pod.getMetadata().getNamespace() + ".svc." + DOMAIN + "\t";
    }

    static String hostname(Pod pod) {
        var hostname = pod.getSpec().getHostname();
        return hostname == null || hostname.isEmpty() ? pod.getMetadata().getName() : hostname;
    }

    /** {@code dnsPolicy} Default would mean this machine's resolver, which no namespace of the lab reaches. */
    static String resolver(Pod pod, String dnsAddress) {
        var config = pod.getSpec().getDnsConfig();
        boolean isOwn = "None".equals(pod.getSpec().getDnsPolicy());
        var namespace = pod.getMetadata().getNamespace();
        var servers = isOwn ? List.<String>of() : List.of(dnsAddress);
        var searches = isOwn ? List.<String>of() : List.of(namespace + ".svc." + DOMAIN, "svc." + DOMAIN, DOMAIN);
        var options = new LinkedHashMap<String, String>();
        if (!isOwn) {
            options.put("ndots", "ndots:5");
        }
        if (config != null) {
            servers = joined(servers, config.getNameservers());
            searches = joined(searches, config.getSearches());
            config.getOptions()
                    .forEach(option -> options.put(
                            option.getName(),
                            option.getValue() == null ? option.getName() : option.getName() + ":" + option.getValue()));
        }
        var lines = new ArrayList<String>();
        servers.forEach(server -> lines.add("nameserver " + server));
        if (!searches.isEmpty()) {
            lines.add("search " + String.join(" ", searches));
        }
        if (!options.isEmpty()) {
            lines.add("options " + optionText(options));
        }
        return lines(lines);
    }

    private static String optionText(Map<String, String> options) {
        return options.values().stream().collect(Collectors.joining(" "));
    }

    private static List<String> joined(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).distinct().toList();
    }

    private static String lines(List<String> lines) {
        return String.join("\n", lines) + "\n";
    }
}
