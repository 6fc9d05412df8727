package dev.gossamer.lab.volumes;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.gossamer.core.lifecycle.TimeSource;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjectionBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The volumes of one pod, as directories of this machine.
 *
 * <p>What is made of ConfigMaps, Secrets and tokens follows their changes at each {@link #refresh}. Thread-safe.
 */
public final class PodVolumes {
    /** Where every client library looks for the API server's credentials. */
    private static final String TOKEN_TARGET = "/var/run/secrets/kubernetes.io/serviceaccount";

    private static final String TOKEN_VOLUME = "..token";
    private static final int READABLE = 0644;
    /** As the API server's own admission asks for: an hour, and a little for those that renew late. */
    private static final long TOKEN_SECONDS = 3607;

    private final Pod pod;
    private final Path directory;
    private final HostPaths hostPaths;
    private final NamespaceObjects objects;
    private final VolumeFiles files;
    private final TokenCache tokens;

    @GuardedBy("this")
    private final Map<String, Path> sources = new HashMap<>();

    @GuardedBy("this")
    private final Map<String, AtomicDirectory> written = new LinkedHashMap<>();

    /** {@code directory}: the pod's own, for everything that is deleted with it. */
    public PodVolumes(
            Pod pod,
            Path directory,
            HostPaths hostPaths,
            NamespaceObjects objects,
            DownwardApi downward,
            TimeSource time) {
        this.pod = pod;
        this.directory = directory;
        this.hostPaths = hostPaths;
        this.objects = objects;
        var account = pod.getSpec().getServiceAccountName();
        this.tokens = new TokenCache(
                objects,
                account == null || account.isEmpty() ? "default" : account,
                new NamespaceObjects.PodIdentity(
                        pod.getMetadata().getName(), pod.getMetadata().getUid()),
                time);
        this.files = new VolumeFiles(objects, downward, tokens, pod);
    }

    /**
     * Makes every volume of the pod.
     *
     * @throws MissingObjectException if something that a volume needs does not exist: to be tried again
     */
    public synchronized void prepare(String podIp, String dnsAddress) throws MissingObjectException, IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("hosts"), PodFiles.hosts(pod, podIp));
        Files.writeString(directory.resolve("resolv.conf"), PodFiles.resolver(pod, dnsAddress));
        for (var volume : volumes()) {
            sources.put(volume.getName(), prepare(volume));
        }
        if (wantsToken()) {
            var token = new AtomicDirectory(directory.resolve("volumes").resolve(TOKEN_VOLUME));
            token.write(tokenFiles());
            written.put(TOKEN_VOLUME, token);
            sources.put(TOKEN_VOLUME, directory.resolve("volumes").resolve(TOKEN_VOLUME));
        }
    }

    /** Brings what is made of objects up to date. What has vanished since stays as it was. */
    public synchronized void refresh() throws MissingObjectException, IOException {
        for (var volume : volumes()) {
            var target = written.get(volume.getName());
            if (target != null) {
                var content = files.of(volume);
                if (content != null) {
                    target.write(content);
                }
            }
        }
        var token = written.get(TOKEN_VOLUME);
        if (token != null) {
            token.write(tokenFiles());
        }
    }

    /** Whether {@link #refresh} has anything to do. */
    public synchronized boolean followObjects() {
        return !written.isEmpty();
    }

    @GuardedBy("this")
    private Path prepare(Volume volume) throws MissingObjectException, IOException {
        var path = directory.resolve("volumes").resolve(volume.getName());
        if (volume.getHostPath() != null) {
            return hostPaths.resolve(volume.getHostPath());
        }
        var content = files.of(volume);
        if (content != null) {
            var target = new AtomicDirectory(path);
            target.write(content);
            written.put(volume.getName(), target);
            return path;
        }
        if (volume.getEmptyDir() == null) {
            throw new MissingObjectException("volume \"" + volume.getName()
                    + "\" is of a kind that the lab does not have: it has emptyDir, configMap, secret, projected,"
                    + " downwardAPI and hostPath");
        }
        Files.createDirectories(path);
        return path;
    }

    /**
     * What {@code container} sees where.
     *
     * @throws MissingObjectException if it mounts a volume that the pod does not have
     */
    public synchronized List<Mount> mounts(Container container) throws MissingObjectException, IOException {
        var mounts = new ArrayList<Mount>();
        mounts.add(new Mount(directory.resolve("hosts"), "/etc/hosts", false));
        mounts.add(new Mount(directory.resolve("resolv.conf"), "/etc/resolv.conf", false));
        for (var mount : container.getVolumeMounts()) {
            // What is made of objects is read-only whatever the mount says: a change would be lost at the next refresh.
            boolean readOnly = Boolean.TRUE.equals(mount.getReadOnly()) || written.containsKey(mount.getName());
            mounts.add(new Mount(source(mount), mount.getMountPath(), readOnly));
        }
        var token = sources.get(TOKEN_VOLUME);
        if (token != null && mounts.stream().noneMatch(mount -> mount.target().equals(TOKEN_TARGET))) {
            mounts.add(new Mount(token, TOKEN_TARGET, true));
        }
        return mounts;
    }

    @GuardedBy("this")
    private Path source(VolumeMount mount) throws MissingObjectException, IOException {
        var source = sources.get(mount.getName());
        if (source == null) {
            throw new MissingObjectException("the pod has no volume \"" + mount.getName() + "\"");
        }
        var subPath = mount.getSubPath();
        if (subPath == null || subPath.isEmpty()) {
            return source;
        }
        var below = source.resolve(subPath).normalize();
        if (!below.startsWith(source)) {
            throw new MissingObjectException("subPath '" + subPath + "' leads out of its volume");
        }
        if (!Files.exists(below)) {
            Files.createDirectories(below);
        }
        return below.toRealPath();
    }

    private List<Volume> volumes() {
        var volumes = pod.getSpec().getVolumes();
        return volumes == null ? List.of() : volumes;
    }

    /** Unless the API server's admission has put a mount of its own there already. */
    private boolean wantsToken() {
        return !Boolean.FALSE.equals(pod.getSpec().getAutomountServiceAccountToken())
                && pod.getSpec().getContainers().stream()
                        .anyMatch(container -> container.getVolumeMounts().stream()
                                .noneMatch(mount -> mount.getMountPath().equals(TOKEN_TARGET)));
    }

    private Map<String, AtomicDirectory.Entry> tokenFiles() throws MissingObjectException {
        var token = new ServiceAccountTokenProjectionBuilder()
                .withExpirationSeconds(TOKEN_SECONDS)
                .build();
        return Map.of(
                "token", entry(tokens.current(token)),
                "ca.crt", entry(objects.certificateAuthority()),
                "namespace", entry(pod.getMetadata().getNamespace()));
    }

    private static AtomicDirectory.Entry entry(String text) {
        return new AtomicDirectory.Entry(text.getBytes(StandardCharsets.UTF_8), READABLE);
    }

    /** Deletes what was made. */
    public synchronized void delete() throws IOException {
        AtomicDirectory.deleteTree(directory);
    }

    /** The pod's own directory, where its containers start unless their spec says otherwise. */
    public Path workingDirectory() throws IOException {
        return Files.createDirectories(directory.resolve("work"));
    }

    /** The host name that the pod's processes see. */
    public static String hostname(Pod pod) {
        return PodFiles.hostname(pod);
    }

    /** Where a container's file system is put together. */
    public Path scratch(String container, int run) throws IOException {
        return Files.createDirectories(directory.resolve("containers").resolve(container + "-" + run));
    }
}
