package dev.gossamer.lab.containers;

import dev.gossamer.lab.volumes.DownwardApi;
import dev.gossamer.lab.volumes.MissingObjectException;
import dev.gossamer.lab.volumes.NamespaceObjects;
import dev.gossamer.lab.volumes.NamespaceObjects.ServiceLink;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The environment variables of a container, as a kubelet composes them. Thread-safe, as what it reads from is. */
public final class ContainerEnvironment {
    private final NamespaceObjects objects;
    private final DownwardApi downward;

    public ContainerEnvironment(NamespaceObjects objects, DownwardApi downward) {
        this.objects = objects;
        this.downward = downward;
    }

    /**
     * Every variable of {@code container}: of services, of the image, of {@code envFrom} and of {@code env}, the later
     * winning.
     *
     * @throws MissingObjectException if something that is not optional does not exist
     */
    Map<String, String> of(Container container, Program program, List<ServiceLink> services)
            throws MissingObjectException {
        var variables = new LinkedHashMap<String, String>();
        for (var service : services) {
            addService(variables, service);
        }
        variables.putAll(program.env());
        if (container.getEnvFrom() != null) {
            for (var from : container.getEnvFrom()) {
                var prefix = from.getPrefix() == null ? "" : from.getPrefix();
                var map = from.getConfigMapRef();
                if (map != null) {
                    addAll(
                            variables,
                            prefix,
                            objects.configMap(map.getName()),
                            map.getOptional(),
                            "configmap",
                            map.getName());
                }
                var secret = from.getSecretRef();
                if (secret != null) {
                    addAll(
                            variables,
                            prefix,
                            objects.secret(secret.getName()),
                            secret.getOptional(),
                            "secret",
                            secret.getName());
                }
            }
        }
        for (var variable : container.getEnv()) {
            var value = value(container, variable, variables);
            if (value != null) {
                variables.put(variable.getName(), value);
            }
        }
        return variables;
    }

    private static void addAll(
            Map<String, String> variables,
            String prefix,
            @Nullable Map<String, byte[]> data,
            @Nullable Boolean optional,
            String kind,
            String name)
            throws MissingObjectException {
        if (data == null) {
            if (!Boolean.TRUE.equals(optional)) {
                throw new MissingObjectException(kind + " \"" + name + "\" not found");
            }
            return;
        }
        data.forEach((key, value) -> variables.put(prefix + key, new String(value, StandardCharsets.UTF_8)));
    }

    private @Nullable String value(Container container, EnvVar variable, Map<String, String> known)
            throws MissingObjectException {
        var source = variable.getValueFrom();
        if (source == null) {
            return variable.getValue() == null ? "" : VariableExpansion.expand(variable.getValue(), known);
        }
        return fromSource(container, source);
    }

    private @Nullable String fromSource(Container container, EnvVarSource source) throws MissingObjectException {
        if (source.getFieldRef() != null) {
            return downward.field(source.getFieldRef().getFieldPath());
        }
        if (source.getResourceFieldRef() != null) {
            return downward.resource(source.getResourceFieldRef(), container.getName());
        }
        var map = source.getConfigMapKeyRef();
        if (map != null) {
            return key(objects.configMap(map.getName()), map.getKey(), map.getOptional(), "configmap", map.getName());
        }
        var secret = source.getSecretKeyRef();
        if (secret != null) {
            return key(
                    objects.secret(secret.getName()),
                    secret.getKey(),
                    secret.getOptional(),
                    "secret",
                    secret.getName());
        }
        throw new MissingObjectException("container " + container.getName()
                + " takes a variable from a kind of source that the lab does not have");
    }

    private static @Nullable String key(
            @Nullable Map<String, byte[]> data, String key, @Nullable Boolean optional, String kind, String name)
            throws MissingObjectException {
        var value = data == null ? null : data.get(key);
        if (value != null) {
            return new String(value, StandardCharsets.UTF_8);
        }
        if (Boolean.TRUE.equals(optional)) {
            return null;
        }
        throw new MissingObjectException(
                data == null
                        ? kind + " \"" + name + "\" not found"
                        : "couldn't find key " + key + " in " + kind + " \"" + name + "\"");
    }

    /** The variables of Docker links, which Kubernetes has kept. */
    private static void addService(Map<String, String> variables, ServiceLink service) {
        if (service.ports().isEmpty()) {
            return;
        }
        var name = variableName(service.name());
        var first = service.ports().getFirst();
        variables.put(name + "_SERVICE_HOST", service.clusterIp());
        variables.put(name + "_SERVICE_PORT", Integer.toString(first.number()));
        variables.put(name + "_PORT", url(service, first));
        for (var port : service.ports()) {
            if (!port.name().isEmpty()) {
                variables.put(name + "_SERVICE_PORT_" + variableName(port.name()), Integer.toString(port.number()));
            }
            var link = name + "_PORT_" + port.number() + "_" + port.protocol().toUpperCase(Locale.ROOT);
            variables.put(link, url(service, port));
            variables.put(link + "_PROTO", port.protocol().toLowerCase(Locale.ROOT));
            variables.put(link + "_PORT", Integer.toString(port.number()));
            variables.put(link + "_ADDR", service.clusterIp());
        }
    }

    private static String url(ServiceLink service, ServiceLink.Port port) {
        return port.protocol().toLowerCase(Locale.ROOT) + "://" + service.clusterIp() + ":" + port.number();
    }

    private static String variableName(String name) {
        return name.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
