package dev.gossamer.node.handover;

import dev.gossamer.net.linux.Netns;
import dev.gossamer.net.linux.SeqPacketSocket;
import dev.gossamer.proto.ZdsProto.Ack;
import dev.gossamer.proto.ZdsProto.Version;
import dev.gossamer.proto.ZdsProto.WorkloadRequest;
import dev.gossamer.proto.ZdsProto.WorkloadResponse;
import dev.gossamer.proto.ZdsProto.ZdsHello;
import java.nio.file.Path;
import java.time.Duration;

/** The node proxy's end of the socket, one message at a time. */
public final class FakeProxy implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    public final SeqPacketSocket socket;

    public FakeProxy(Path path) throws Exception {
        socket = SeqPacketSocket.connect(path);
        socket.send(ZdsHello.newBuilder().setVersion(Version.V1).build().toByteArray());
    }

    /** One request, with the namespace that came along. */
    public record Request(WorkloadRequest message, Netns netns) {}

    public Request receive() throws Exception {
        try (var received = socket.receive(PATIENCE)) {
            if (received == null) {
                throw new AssertionError("the agent hung up");
            }
            var netns = received.descriptorCount() == 0 ? null : Netns.adopt(received.takeDescriptor());
            return new Request(WorkloadRequest.parseFrom(received.message()), netns);
        }
    }

    public void acknowledge(String error) throws Exception {
        socket.send(WorkloadResponse.newBuilder()
                .setAck(Ack.newBuilder().setError(error))
                .build()
                .toByteArray());
    }

    public Request receiveAndAcknowledge() throws Exception {
        var request = receive();
        acknowledge("");
        return request;
    }

    @Override
    public void close() {
        socket.close();
    }
}
