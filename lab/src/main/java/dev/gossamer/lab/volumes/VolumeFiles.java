package dev.gossamer.lab.volumes;

import dev.gossamer.lab.volumes.AtomicDirectory.Entry;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ProjectedVolumeSource;
import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjection;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files of volumes that are made of objects: what they are now. Confined to the pod's volume task. */
final class VolumeFiles {
    private static final int DEFAULT_MODE = 0644;

    private final NamespaceObjects objects;
    private final DownwardApi downward;
    private final TokenCache tokens;
    private final Pod pod;

    VolumeFiles(NamespaceObjects objects, DownwardApi downward, TokenCache tokens, Pod pod) {
        this.objects = objects;
        this.downward = downward;
        this.tokens = tokens;
        this.pod = pod;
    }

    /**
     * What {@code volume} holds now, or null if it is of a kind that is not made of objects.
     *
     * @throws MissingObjectException if an object or key that is not optional does not exist
     */
    @Nullable
    Map<String, Entry> of(Volume volume) throws MissingObjectException {
        var files = new LinkedHashMap<String, Entry>();
        if (volume.getConfigMap() != null) {
            var source = volume.getConfigMap();
            int mode = mode(source.getDefaultMode(), DEFAULT_MODE);
            addKeys(files, Origin.configMap(source.getName(), source.getOptional()), source.getItems(), mode);
        } else if (volume.getSecret() != null) {
            var source = volume.getSecret();
            int mode = mode(source.getDefaultMode(), DEFAULT_MODE);
            addKeys(files, Origin.secret(source.getSecretName(), source.getOptional()), source.getItems(), mode);
        } else if (volume.getDownwardAPI() != null) {
            var source = volume.getDownwardAPI();
            addFields(files, source.getItems(), mode(source.getDefaultMode(), DEFAULT_MODE));
        } else if (volume.getProjected() != null) {
            addProjected(files, volume.getProjected());
        } else {
            return null;
        }
        return files;
    }

    private void addProjected(Map<String, Entry> files, ProjectedVolumeSource projected) throws MissingObjectException {
        int mode = mode(projected.getDefaultMode(), DEFAULT_MODE);
        for (VolumeProjection source : projected.getSources()) {
            if (source.getConfigMap() != null) {
                var map = source.getConfigMap();
                addKeys(files, Origin.configMap(map.getName(), map.getOptional()), map.getItems(), mode);
            }
            if (source.getSecret() != null) {
                var secret = source.getSecret();
                addKeys(files, Origin.secret(secret.getName(), secret.getOptional()), secret.getItems(), mode);
            }
            if (source.getDownwardAPI() != null) {
                addFields(files, source.getDownwardAPI().getItems(), mode);
            }
            if (source.getServiceAccountToken() != null) {
                addToken(files, source.getServiceAccountToken(), mode);
            }
        }
    }

    private void addToken(Map<String, Entry> files, ServiceAccountTokenProjection token, int mode)
            throws MissingObjectException {
        put(files, token.getPath(), tokens.current(token).getBytes(StandardCharsets.UTF_8), mode);
    }

    private void addFields(Map<String, Entry> files, List<DownwardAPIVolumeFile> items, int mode)
            throws MissingObjectException {
        for (var item : items) {
            String value;
            if (item.getFieldRef() != null) {
                value = downward.field(item.getFieldRef().getFieldPath());
            } else {
                value = downward.resource(
                        item.getResourceFieldRef(),
                        pod.getSpec().getContainers().getFirst().getName());
            }
            put(files, item.getPath(), value.getBytes(StandardCharsets.UTF_8), mode(item.getMode(), mode));
        }
    }

    /** Whose keys become files. Immutable. */
    private record Origin(boolean isSecret, String name, boolean optional) {
        static Origin configMap(String name, @Nullable Boolean optional) {
            return new Origin(false, name, Boolean.TRUE.equals(optional));
        }

        static Origin secret(String name, @Nullable Boolean optional) {
            return new Origin(true, name, Boolean.TRUE.equals(optional));
        }

        @Override
        public String toString() {
            return (isSecret ? "secret \"" : "configmap \"") + name + "\"";
        }
    }

    private void addKeys(Map<String, Entry> files, Origin origin, @Nullable List<KeyToPath> items, int mode)
            throws MissingObjectException {
        var data = origin.isSecret() ? objects.secret(origin.name()) : objects.configMap(origin.name());
        if (data == null) {
            if (origin.optional()) {
                return;
            }
            throw new MissingObjectException(origin + " not found");
        }
        if (items == null || items.isEmpty()) {
            data.forEach((key, value) -> files.put(key, new Entry(value, mode)));
            return;
        }
        for (var item : items) {
            var value = data.get(item.getKey());
            if (value != null) {
                put(files, item.getPath(), value, mode(item.getMode(), mode));
            } else if (!origin.optional()) {
                throw new MissingObjectException(origin + " has no key \"" + item.getKey() + "\"");
            }
        }
    }

    private static void put(Map<String, Entry> files, String path, byte[] content, int mode)
            throws MissingObjectException {
        var relative = Path.of(path).normalize();
        if (relative.isAbsolute() || relative.startsWith("..") || path.isEmpty()) {
            throw new MissingObjectException(
                    "a volume's file cannot be at '" + path + "': give a path below the volume");
        }
        files.put(relative.toString(), new Entry(content, mode));
    }

    private static int mode(@Nullable Integer given, int otherwise) {
        return given == null ? otherwise : given;
    }
}
