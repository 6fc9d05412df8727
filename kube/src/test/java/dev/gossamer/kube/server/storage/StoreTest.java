package dev.gossamer.kube.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gossamer.kube.server.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

final class StoreTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    @TempDir
    Path directory;

    private static Key key(String name) {
        return new Key("/things", "ns", name);
    }

    private static ObjectNode thing(int value) {
        var object = Json.object().put("value", value);
        object.putObject("metadata");
        return object;
    }

    @Test
    void watchesSeeEveryChangeInOrder() throws Exception {
        try (var store = Store.inMemory()) {
            var first = store.create(key("a"), thing(1));
            try (var watch = store.watch("/things", first.version())) {
                var second = store.replace(first, thing(2));
                store.delete(second, thing(2));
                assertThat(watch.next(SOON))
                        .satisfies(change -> assertThat(
                                        change.after().object().get("value").intValue())
                                .isEqualTo(2));
                assertThat(watch.next(SOON))
                        .satisfies(change -> assertThat(change.deleted()).isTrue());
                assertThat(watch.progress()).isEqualTo(store.version());
            }
        }
    }

    @Test
    void refusesToWriteOnWhatIsNotTheNewest() throws Exception {
        try (var store = Store.inMemory()) {
            var first = store.create(key("a"), thing(1));
            store.replace(first, thing(2));
            assertThatThrownBy(() -> store.replace(first, thing(3))).isInstanceOf(StaleWriteException.class);
            assertThatThrownBy(() -> store.create(key("a"), thing(3))).isInstanceOf(StaleWriteException.class);
            assertThatThrownBy(() -> store.delete(first, thing(3))).isInstanceOf(StaleWriteException.class);
        }
    }

    @Test
    void forgetsOldHistoryAndSaysSo() throws Exception {
        try (var store = Store.inMemory(4, 10)) {
            var entry = store.create(key("a"), thing(0));
            long early = entry.version();
            for (int i = 1; i <= 10; i++) {
                entry = store.replace(entry, thing(i));
            }
            assertThatThrownBy(() -> store.watch("/things", early)).isInstanceOf(ForgottenException.class);
            assertThatThrownBy(() -> store.listAt("/things", "", early)).isInstanceOf(ForgottenException.class);
            assertThat(store.listAt("/things", "", entry.version() - 2)
                            .entries()
                            .getFirst()
                            .object()
                            .get("value")
                            .intValue())
                    .isEqualTo(8);
        }
    }

    @Test
    void endsAWatchThatDoesNotKeepUp() throws Exception {
        try (var store = Store.inMemory(100, 3)) {
            var entry = store.create(key("a"), thing(0));
            try (var watch = store.watch("/things", entry.version())) {
                for (int i = 1; i <= 10; i++) {
                    entry = store.replace(entry, thing(i));
                }
                int seen = 0;
                while (watch.next(Duration.ZERO) != null) {
                    seen++;
                }
                assertThat(seen).isEqualTo(3);
                assertThat(watch.ended()).isTrue();
            }
        }
    }

    @Test
    void listsAsOfAnEarlierVersion() throws Exception {
        try (var store = Store.inMemory()) {
            var a = store.create(key("a"), thing(1));
            var b = store.create(key("b"), thing(1));
            long then = store.version();
            store.delete(a, thing(1));
            store.replace(b, thing(2));
            store.create(key("c"), thing(1));
            var listing = store.listAt("/things", "ns", then);
            assertThat(listing.entries())
                    .extracting(entry -> entry.key().name())
                    .containsExactly("a", "b");
            assertThat(listing.entries())
                    .allSatisfy(entry ->
                            assertThat(entry.object().get("value").intValue()).isEqualTo(1));
        }
    }

    @Test
    void keepsEverythingOverARestart() throws Exception {
        long version;
        try (var store = Store.open(directory)) {
            var a = store.create(key("a"), thing(1));
            store.create(key("b"), thing(2));
            store.delete(a, thing(1));
            version = store.version();
        }
        try (var store = Store.open(directory)) {
            assertThat(store.version()).isEqualTo(version);
            assertThat(store.get(key("a"))).isNull();
            assertThat(store.list("/things", "").entries()).hasSize(1);
            assertThat(store.create(key("c"), thing(3)).version()).isGreaterThan(version);
            assertThatThrownBy(() -> store.watch("/things", version - 1)).isInstanceOf(ForgottenException.class);
        }
    }

    @Test
    void compactsAndKeepsEverything() throws Exception {
        try (var store = Store.open(directory, 2_000)) {
            var entry = store.create(key("a"), thing(0));
            for (int i = 1; i <= 200; i++) {
                entry = store.replace(entry, thing(i));
            }
        }
        try (var files = Files.list(directory)) {
            assertThat(files.filter(file -> file.getFileName().toString().startsWith("state-")))
                    .hasSize(1);
        }
        try (var store = Store.open(directory)) {
            assertThat(store.get(key("a")))
                    .satisfies(entry ->
                            assertThat(entry.object().get("value").intValue()).isEqualTo(200));
        }
    }

    @Test
    void dropsAWriteThatACrashCutOff() throws Exception {
        try (var store = Store.open(directory)) {
            store.create(key("a"), thing(1));
            store.create(key("b"), thing(2));
        }
        var file = changesFile();
        var whole = Files.readAllBytes(file);
        // Every possible cut, in the last record or before it, leaves a prefix of what was written.
        for (int length = 0; length < whole.length; length += 7) {
            Files.write(file, Arrays.copyOf(whole, length), StandardOpenOption.TRUNCATE_EXISTING);
            try (var store = Store.open(directory)) {
                var names = store.list("/things", "").entries().stream()
                        .map(entry -> entry.key().name())
                        .toList();
                assertThat(List.of(List.of(), List.of("a"), List.of("a", "b"))).contains(names);
                store.create(key("z"), thing(9));
            }
            try (var store = Store.open(directory)) {
                assertThat(store.get(key("z"))).isNotNull();
            }
        }
    }

    private Path changesFile() throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith("changes-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void refusesADirectoryThatIsInUse() throws Exception {
        try (var store = Store.open(directory)) {
            assertThatThrownBy(() -> Store.open(directory))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("in use by another API server");
            assertThat(store.version()).isPositive();
        }
    }

    @Test
    void writesOfManyThreadsAllLast() throws Exception {
        var threads = new ArrayList<Thread>();
        try (var store = Store.open(directory)) {
            for (int i = 0; i < 20; i++) {
                int number = i;
                threads.add(Thread.ofVirtual().start(() -> {
                    try {
                        for (int j = 0; j < 20; j++) {
                            store.create(key("n" + number + "-" + j), thing(j));
                        }
                    } catch (StaleWriteException | StorageFailedException e) {
                        throw new IllegalStateException(e);
                    }
                }));
            }
            for (var thread : threads) {
                thread.join();
            }
        }
        try (var store = Store.open(directory)) {
            assertThat(store.list("/things", "ns").entries()).hasSize(400);
        }
    }
}
