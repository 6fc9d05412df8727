package dev.gossamer.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;

final class ShutdownTest {
    private final ArrayList<String> closed = new ArrayList<>();

    @Test
    void closesNewestFirst() {
        var shutdown = new Shutdown();
        shutdown.owns(() -> closed.add("socket"));
        shutdown.owns(() -> closed.add("loop"));

        shutdown.close();
        shutdown.close();

        assertThat(closed).containsExactly("loop", "socket");
    }

    @Test
    void closesTheRestWhenOneFails() {
        var shutdown = new Shutdown();
        shutdown.owns(() -> closed.add("first"));
        shutdown.owns(() -> {
            throw new IllegalStateException("cannot close");
        });

        shutdown.close();

        assertThat(closed).containsExactly("first");
    }

    @Test
    void closesAtOnceWhatComesTooLate() {
        var shutdown = new Shutdown();
        shutdown.close();

        shutdown.owns(() -> closed.add("late"));

        assertThat(closed).containsExactly("late");
    }

    @Test
    void endsTheWaitWhenAsked() throws InterruptedException {
        var shutdown = new Shutdown();
        shutdown.request();

        shutdown.await();
    }
}
