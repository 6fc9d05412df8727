package dev.gossamer.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class TaskGroupTest {
    @Test
    void waitsForEveryTask() throws Exception {
        var done = new AtomicInteger();
        try (var group = new TaskGroup("test")) {
            for (int i = 0; i < 10; i++) {
                group.start(done::incrementAndGet);
            }
            group.join();
        }
        assertThat(done).hasValue(10);
    }

    @Test
    void interruptsTheRestAtTheFirstFailure() {
        var interrupted = new CountDownLatch(1);
        try (var group = new TaskGroup("test")) {
            group.start(() -> {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                    throw e;
                }
            });
            group.start(() -> {
                throw new IOException("broken");
            });

            assertThatThrownBy(group::join)
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseMessage("broken");
        }
        assertThat(interrupted.getCount()).isZero();
    }
}
