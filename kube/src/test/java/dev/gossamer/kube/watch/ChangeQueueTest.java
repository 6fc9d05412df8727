package dev.gossamer.kube.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ChangeQueueTest {
    private static final Kind<ConfigMap> KIND = Kind.builtIn(ConfigMap.class);
    private static final Kind<ConfigMap> OTHER_KIND =
            new Kind<>("", "v1", "Other", "others", true, true, ConfigMap.class);

    private final ChangeQueue queue = new ChangeQueue();

    @Test
    void deliversObjectsInTheOrderOfTheirFirstChange() throws Exception {
        upsert("a", 1);
        upsert("b", 2);
        upsert("a", 3);

        assertThat(drain()).extracting(ChangeQueueTest::text).containsExactly("+a@3", "+b@2", "synced");
    }

    @Test
    void tellsNothingOfAnObjectThatCameAndWent() throws Exception {
        upsert("a", 1);
        queue.delete(key(KIND, "a"));

        assertThat(drain()).extracting(ChangeQueueTest::text).containsExactly("synced");
    }

    @Test
    void deliversTheSameVersionOnce() throws Exception {
        upsert("a", 1);
        drain();
        upsert("a", 1);

        assertThat(drain()).extracting(ChangeQueueTest::text).containsExactly("synced");
    }

    @Test
    void deletesTheOldObjectBeforeItsNamesake() throws Exception {
        queue.upsert(key(KIND, "a"), object("a", "uid-1", 1));
        drain();
        queue.delete(key(KIND, "a"));
        queue.upsert(key(KIND, "a"), object("a", "uid-2", 5));

        assertThat(drain()).extracting(ChangeQueueTest::text).containsExactly("-a@1", "+a@5", "synced");
    }

    @Test
    void deletesAllObjectsOfAKindThatIsNoLongerServed() throws Exception {
        upsert("a", 1);
        queue.upsert(key(OTHER_KIND, "o"), object("o", "uid", 2));
        drain();
        queue.upsert(key(OTHER_KIND, "undelivered"), object("undelivered", "uid-3", 3));
        queue.deleteAll(OTHER_KIND);

        assertThat(drain()).extracting(ChangeQueueTest::text).containsExactly("-o@2", "synced");
    }

    @Test
    void reportsSyncAfterEverythingThatWasListed() throws Exception {
        upsert("a", 1);
        queue.synced();
        upsert("b", 2);

        assertThat(text(queue.take())).isEqualTo("+a@1");
        assertThat(text(queue.take())).isEqualTo("+b@2");
        assertThat(text(queue.take())).isEqualTo("synced");
    }

    /** One step of the world, or of the consumer. */
    private record Step(Action action, int object) {}

    private enum Action {
        CHANGE,
        REPEAT,
        REPLACE,
        DELETE,
        TAKE
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        return Combinators.combine(
                        Arbitraries.of(Action.class), Arbitraries.integers().between(0, 3))
                .as(Step::new)
                .list()
                .ofMaxSize(60);
    }

    @Property(seed = "20261124")
    void theConsumerAlwaysEndsWithTheWorldAndNeverHearsTheSameTwice(@ForAll("histories") List<Step> history)
            throws Exception {
        var world = new HashMap<String, HasMetadata>();
        var consumer = new Consumer();
        var fresh = new ChangeQueue();
        int pending = 0;
        long version = 0;
        for (var step : history) {
            var name = "object-" + step.object();
            var known = world.get(name);
            version++;
            switch (step.action()) {
                case CHANGE -> {
                    var uid = known == null
                            ? "uid-" + version
                            : known.getMetadata().getUid();
                    world.put(name, object(name, uid, version));
                    fresh.upsert(key(KIND, name), world.get(name));
                }
                case REPEAT -> {
                    if (known != null) {
                        fresh.upsert(key(KIND, name), known);
                    }
                }
                case REPLACE -> {
                    world.put(name, object(name, "uid-" + version, version));
                    fresh.upsert(key(KIND, name), world.get(name));
                }
                case DELETE -> {
                    world.remove(name);
                    fresh.delete(key(KIND, name));
                }
                case TAKE -> {
                    // The marker bounds the take: everything before it is taken.
                    fresh.synced();
                    consumer.drain(fresh);
                }
            }
        }
        fresh.synced();
        consumer.drain(fresh);

        assertThat(consumer.objects).isEqualTo(world);
    }

    private static final class Consumer {
        private final Map<String, HasMetadata> objects = new HashMap<>();

        void drain(ChangeQueue queue) throws InterruptedException {
            while (true) {
                switch (queue.take()) {
                    case Change.Upsert(var key, var old, var object) -> {
                        assertThat(objects.get(key.name())).isEqualTo(old).isNotEqualTo(object);
                        objects.put(key.name(), object);
                    }
                    case Change.Delete(var key, var object) ->
                        assertThat(objects.remove(key.name())).isEqualTo(object);
                    case Change.Synced() -> {
                        return;
                    }
                }
            }
        }
    }

    private List<Change> drain() throws InterruptedException {
        queue.synced();
        var changes = new ArrayList<Change>();
        do {
            changes.add(queue.take());
        } while (!(changes.getLast() instanceof Change.Synced));
        return changes;
    }

    private void upsert(String name, long version) {
        queue.upsert(key(KIND, name), object(name, "uid-of-" + name, version));
    }

    private static ObjectKey key(Kind<?> kind, String name) {
        return new ObjectKey(kind, "default", name);
    }

    private static ConfigMap object(String name, String uid, long version) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName(name)
                .withUid(uid)
                .withResourceVersion(String.valueOf(version))
                .endMetadata()
                .build();
    }

    private static String text(Change change) {
        return switch (change) {
            case Change.Upsert(var key, var _, var object) ->
                "+" + key.name() + "@" + object.getMetadata().getResourceVersion();
            case Change.Delete(var key, var object) ->
                "-" + key.name() + "@" + object.getMetadata().getResourceVersion();
            case Change.Synced() -> "synced";
        };
    }
}
