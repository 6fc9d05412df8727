package dev.gossamer.kube.server.storage;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store's directory: {@code state-V} holds every object after change V, {@code changes-V} the changes since.
 *
 * <p>To compact, an empty {@code changes-W} is made first and {@code state-W} appears by a rename, so that at every
 * moment the newest state file together with the changes file of its number is everything. Confined to the store's
 * flusher once open.
 */
final class Journal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final Pattern NAME = Pattern.compile("(state|changes)-(\\d{20})");

    /** The changes file is folded into a new state file beyond this size. */
    static final long COMPACT_BYTES = 32L << 20;

    private final Path directory;
    private final long compactBytes;
    private final FileChannel lockFile;
    private Recovered recovered = Recovered.NOTHING;
    private FileChannel changes;
    private long changesBytes;
    private long compactAt;

    private Journal(Path directory, long compactBytes, FileChannel lockFile) throws IOException {
        this.directory = directory;
        this.compactBytes = compactBytes;
        this.lockFile = lockFile;
        this.compactAt = compactBytes;
        this.changes = recover();
    }

    static Journal open(Path directory, long compactBytes) throws IOException {
        Files.createDirectories(directory);
        // Secrets and keys are in here.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        var lockFile = FileChannel.open(
                directory.resolve("lock"), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        try {
            lock(directory, lockFile);
            return new Journal(directory, compactBytes, lockFile);
        } catch (IOException | RuntimeException e) {
            lockFile.close();
            throw e;
        }
    }

    private static FileLock lock(Path directory, FileChannel lockFile) throws IOException {
        FileLock lock;
        try {
            lock = lockFile.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw new IOException("the data directory " + directory
                    + " is in use by another API server: stop it, or choose another directory");
        }
        return lock;
    }

    /** What the directory held when it was opened; to be asked for once. */
    Recovered takeRecovered() {
        var taken = recovered;
        recovered = Recovered.NOTHING;
        return taken;
    }

    private FileChannel recover() throws IOException {
        var state = newest();
        long version = state < 0 ? Recovered.NOTHING.version() : state;
        Map<Key, Entry> entries = new HashMap<>();
        if (state >= 0) {
            readState(path("state", state), entries);
        }
        long base = Math.max(state, 0);
        var changesPath = path("changes", base);
        long intact = 0;
        if (Files.exists(changesPath)) {
            var replay = new Replay(entries, version);
            intact = replay.run(changesPath);
            version = replay.version;
        }
        recovered = new Recovered(version, new ArrayList<>(entries.values()));
        removeOthers(base);
        var channel = FileChannel.open(changesPath, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        if (channel.size() > intact) {
            LOG.warn(
                    "{} ends in {} bytes of an unfinished write, which nobody was told of: dropped",
                    changesPath,
                    channel.size() - intact);
            channel.truncate(intact);
            channel.force(true);
        }
        channel.position(intact);
        changesBytes = intact;
        syncDirectory();
        return channel;
    }

    private long newest() throws IOException {
        long newest = -1;
        try (var files = Files.newDirectoryStream(directory)) {
            for (var file : files) {
                var matcher = NAME.matcher(file.getFileName().toString());
                if (matcher.matches() && matcher.group(1).equals("state")) {
                    newest = Math.max(newest, Long.parseLong(matcher.group(2)));
                }
            }
        }
        return newest;
    }

    private static void readState(Path file, Map<Key, Entry> entries) throws IOException {
        try (var in = open(file)) {
            for (var read = RecordCodec.read(in); read != null; read = RecordCodec.read(in)) {
                if (read.object() != null) {
                    entries.put(read.key(), new Entry(read.key(), read.version(), read.object()));
                }
            }
        } catch (RecordCodec.TornException e) {
            // A state file is renamed into place only when whole, so this is a damaged disk.
            throw new IOException(
                    file + " is damaged (" + e.getMessage() + "): restore it from a backup, or start with an empty"
                            + " data directory",
                    e);
        }
    }

    /** Applies a changes file up to its last whole record. Confined to recovery. */
    private static final class Replay {
        private final Map<Key, Entry> entries;
        private long version;

        Replay(Map<Key, Entry> entries, long version) {
            this.entries = entries;
            this.version = version;
        }

        /** Returns how many bytes were whole. */
        long run(Path file) throws IOException {
            long intact = 0;
            try (var in = open(file)) {
                for (var read = RecordCodec.read(in); read != null; read = RecordCodec.read(in)) {
                    intact += read.bytes();
                    apply(read);
                }
            } catch (RecordCodec.TornException e) {
                LOG.info("{} stops at {}: {}", file, intact, e.getMessage());
            }
            return intact;
        }

        private void apply(RecordCodec.Read read) {
            version = Math.max(version, read.version());
            if (read.object() == null) {
                entries.remove(read.key());
            } else {
                entries.put(read.key(), new Entry(read.key(), read.version(), read.object()));
            }
        }
    }

    private static DataInputStream open(Path file) throws IOException {
        return new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
    }

    /** Writes changes and waits for the disk. */
    void append(List<Change> batch) throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (var change : batch) {
            var after = change.after();
            RecordCodec.write(bytes, after.key(), after.version(), change.deleted() ? null : after.object());
        }
        writeFully(changes, bytes);
        changes.force(false);
        changesBytes += bytes.size();
    }

    boolean wantsCompaction() {
        return changesBytes > compactAt;
    }

    /** Begins anew from {@code everything}, which is what there is after change {@code version}. */
    void compact(long version, List<Entry> everything) throws IOException {
        compactAt = changesBytes + compactBytes;
        var next = FileChannel.open(
                path("changes", version),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE));
        try {
            writeState(version, everything);
        } catch (IOException e) {
            next.close();
            throw e;
        }
        changes.close();
        changes = next;
        changesBytes = 0;
        compactAt = compactBytes;
        removeOthers(version);
    }

    private void writeState(long version, List<Entry> everything) throws IOException {
        var temporary = directory.resolve("state.tmp");
        try (var out = FileChannel.open(
                temporary,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE))) {
            var bytes = new ByteArrayOutputStream();
            for (var entry : everything) {
                RecordCodec.write(bytes, entry.key(), entry.version(), entry.object());
                if (bytes.size() > 1 << 20) {
                    writeFully(out, bytes);
                    bytes.reset();
                }
            }
            writeFully(out, bytes);
            out.force(true);
        }
        syncDirectory();
        Files.move(temporary, path("state", version), StandardCopyOption.ATOMIC_MOVE);
        syncDirectory();
    }

    private static void writeFully(FileChannel channel, ByteArrayOutputStream bytes) throws IOException {
        var buffer = ByteBuffer.wrap(bytes.toByteArray());
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private void removeOthers(long version) throws IOException {
        try (var files = Files.newDirectoryStream(directory)) {
            for (var file : files) {
                var matcher = NAME.matcher(file.getFileName().toString());
                if (matcher.matches() && Long.parseLong(matcher.group(2)) != version) {
                    Files.delete(file);
                }
            }
        }
    }

    private void syncDirectory() throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private Path path(String what, long version) {
        return directory.resolve("%s-%020d".formatted(what, version));
    }

    @Override
    public void close() throws IOException {
        changes.close();
        lockFile.close();
    }
}
