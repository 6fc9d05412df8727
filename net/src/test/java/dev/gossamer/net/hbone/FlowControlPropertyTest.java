package dev.gossamer.net.hbone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.net.LeakGuard;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;

/** Whatever happens in whatever order, each byte arrives once and in order, and nothing stands still for ever. */
final class FlowControlPropertyTest {
    static {
        LeakGuard.install();
    }

    @AfterContainer
    static void nothingLeaks() throws Exception {
        LeakGuard.check();
    }

    /** One direction of one stream, as it should be. */
    private static final class Direction {
        final HboneStream stream;
        final Ear ear;
        final ByteArrayOutputStream said = new ByteArrayOutputStream();
        boolean ended;

        Direction(HboneStream stream, Ear ear) {
            this.stream = stream;
            this.ear = ear;
        }
    }

    @Property(tries = 60, seed = "21")
    void deliversEachByteOnceAndInOrder(@ForAll int seed) {
        var random = new Random(seed);
        // Small enough that windows shrink while the test goes on.
        var ends = new Ends(new WindowBudget(1 << 20)).establish();
        var directions = new ArrayList<Direction>();
        for (int i = 0; i < 1 + random.nextInt(6); i++) {
            open(ends, directions);
        }
        for (int i = 0; i < 300; i++) {
            act(random, ends, directions);
        }
        finish(ends, directions);
        for (var direction : directions) {
            assertThat(direction.ear.heard.toByteArray()).isEqualTo(direction.said.toByteArray());
            assertThat(direction.ear.endsOfInput)
                    .as("stream " + direction.stream.id() + " " + direction.ear.ends + ends.clientEnds + ends.serverEnds
                            + ends.client.activeStreams() + " " + ends.server.activeStreams() + " unconsumed "
                            + direction.ear.unconsumed + " said " + direction.said.size() + " heard "
                            + direction.ear.heard.size())
                    .isEqualTo(1);
            assertThat(direction.ear.ends).containsExactly(new StreamEnd.Finished());
        }
        assertThat(ends.client.activeStreams()).isZero();
        assertThat(ends.server.activeStreams()).isZero();
        assertThat(ends.budget.streams()).isZero();
        assertThat(ends.budget.grown()).isZero();
        assertThat(ends.clientEnds).isEmpty();
        ends.close();
    }

    private static void open(Ends ends, List<Direction> directions) {
        var clientEar = new Ear();
        var clientStream = ends.client.open("10.0.0.1:80", HboneHeaders.NONE, clientEar);
        clientEar.of(clientStream);
        ends.settle();
        var serverStream = ends.accepted.getLast();
        serverStream.accept(HboneHeaders.NONE);
        var serverEar = new Ear().on(serverStream);
        clientEar.greedy = false;
        serverEar.greedy = false;
        directions.add(new Direction(clientStream, serverEar));
        directions.add(new Direction(serverStream, clientEar));
    }

    private static void act(Random random, Ends ends, List<Direction> directions) {
        var direction = directions.get(random.nextInt(directions.size()));
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> write(random, direction);
            case 3, 4 -> direction.ear.consume(random.nextInt(direction.ear.unconsumed + 1));
            case 5 -> Ends.carry(ends.clientChannel, ends.serverChannel, random);
            case 6 -> Ends.carry(ends.serverChannel, ends.clientChannel, random);
            case 7 -> ends.settle();
            case 8 -> {
                if (directions.size() < 60 && random.nextInt(2) == 0) {
                    open(ends, directions);
                }
            }
            default -> {
                if (random.nextInt(20) == 0) {
                    direction.stream.end();
                    direction.ended = true;
                }
            }
        }
    }

    private static void write(Random random, Direction direction) {
        if (direction.ended || !direction.stream.isWritable()) {
            return;
        }
        var bytes = new byte[1 + random.nextInt(random.nextInt(5) == 0 ? 100_000 : 2_000)];
        random.nextBytes(bytes);
        direction.said.writeBytes(bytes);
        // Half of them with room for a frame's head, as sockets are read.
        var data = Unpooled.directBuffer(bytes.length + 9);
        if (random.nextBoolean()) {
            data.setIndex(9, 9);
        }
        direction.stream.write(data.writeBytes(bytes));
        direction.stream.flush();
    }

    private static void finish(Ends ends, List<Direction> directions) {
        directions.forEach(direction -> direction.stream.end());
        for (int i = 0; i < 10_000 && ends.client.activeStreams() + ends.server.activeStreams() > 0; i++) {
            ends.settle();
            for (var direction : directions) {
                direction.ear.consume(direction.ear.unconsumed);
            }
        }
    }
}
