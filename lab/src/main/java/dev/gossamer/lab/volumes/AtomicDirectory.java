package dev.gossamer.lab.volumes;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A directory whose files change together, as users of mounted ConfigMaps expect.
 *
 * <p>Each version is a directory of its own behind the link {@code ..data}; the visible names are links through it, so
 * moving that one link changes every file at once. Thread-safe.
 */
final class AtomicDirectory {
    private static final String DATA = "..data";

    /** A file to be. Immutable, as nobody writes to the array. */
    @SuppressWarnings("ArrayRecordComponent")
    record Entry(byte[] content, int mode) {}

    private final Path directory;

    @GuardedBy("this")
    private Map<String, Entry> current = Map.of();

    @GuardedBy("this")
    private int version;

    AtomicDirectory(Path directory) {
        this.directory = directory;
    }

    /** Makes {@code files} (by relative path) the content; does nothing if they are what is there already. */
    synchronized void write(Map<String, Entry> files) throws IOException {
        if (version > 0 && same(current, files)) {
            return;
        }
        Files.createDirectories(directory);
        version++;
        var next = directory.resolve(".." + version);
        Files.createDirectories(next);
        for (var file : new TreeMap<>(files).entrySet()) {
            var path = next.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue().content());
            Files.setPosixFilePermissions(path, permissions(file.getValue().mode()));
        }
        pointTo(next);
        linkNames(files);
        if (version > 1) {
            deleteTree(directory.resolve(".." + (version - 1)));
        }
        current = new LinkedHashMap<>(files);
    }

    private void pointTo(Path next) throws IOException {
        var link = directory.resolve(DATA + "_tmp");
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, next.getFileName());
        Files.move(link, directory.resolve(DATA), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Only first segments are linked: what lies deeper is reached through them. */
    private void linkNames(Map<String, Entry> files) throws IOException {
        var names = files.keySet().stream()
                .map(AtomicDirectory::firstSegment)
                .distinct()
                .toList();
        for (var name : names) {
            var link = directory.resolve(name);
            if (!Files.isSymbolicLink(link)) {
                Files.createSymbolicLink(link, Path.of(DATA, name));
            }
        }
        try (var present = Files.list(directory)) {
            for (var path : present.toList()) {
                var name = path.getFileName().toString();
                if (!name.startsWith("..") && !names.contains(name)) {
                    Files.delete(path);
                }
            }
        }
    }

    private static String firstSegment(String path) {
        int slash = path.indexOf('/');
        return slash < 0 ? path : path.substring(0, slash);
    }

    private static boolean same(Map<String, Entry> left, Map<String, Entry> right) {
        return left.keySet().equals(right.keySet())
                && left.entrySet().stream().allMatch(entry -> {
                    var other = right.get(entry.getKey());
                    return other != null
                            && other.mode() == entry.getValue().mode()
                            && Arrays.equals(other.content(), entry.getValue().content());
                });
    }

    static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (var paths = Files.walk(root)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static EnumSet<PosixFilePermission> permissions(int mode) {
        var set = EnumSet.noneOf(PosixFilePermission.class);
        var all = PosixFilePermission.values();
        // The enum goes from owner-read to others-execute, as the nine bits do from the highest.
        for (int bit = 0; bit < all.length; bit++) {
            if ((mode & (1 << (all.length - 1 - bit))) != 0) {
                set.add(all[bit]);
            }
        }
        return set;
    }
}
