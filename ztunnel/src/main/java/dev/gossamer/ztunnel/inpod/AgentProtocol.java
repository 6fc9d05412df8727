package dev.gossamer.ztunnel.inpod;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.gossamer.net.linux.Netns;
import dev.gossamer.net.linux.Received;
import dev.gossamer.proto.ZdsProto.AddWorkload;
import dev.gossamer.proto.ZdsProto.WorkloadRequest;
import dev.gossamer.ztunnel.state.LocalWorkloadKey;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What the node agent's messages mean, on one connection to it. Confined to the agent's thread.
 *
 * <p>Whatever the agent gets wrong is answered with an error and ends the connection: the next one begins with a
 * snapshot, which sets right what both sides hold of each other.
 */
final class AgentProtocol {
    /**
     * How to answer. Immutable.
     *
     * @param error for the agent; absent: success
     * @param goOn whether the connection can be kept
     */
    record Answer(@Nullable String error, boolean goOn) {
        static final Answer OK = new Answer(null, true);

        static Answer broken(String error) {
            return new Answer(error, false);
        }
    }

    private final PodRegistry pods;
    private boolean snapshotReceived;

    AgentProtocol(PodRegistry pods) {
        this.pods = pods;
        pods.beginSnapshot();
    }

    boolean isSnapshotReceived() {
        return snapshotReceived;
    }

    Answer handle(Received received) throws InterruptedException {
        WorkloadRequest request;
        try {
            request = WorkloadRequest.parseFrom(received.message());
        } catch (InvalidProtocolBufferException e) {
            return Answer.broken("malformed message: " + e.getMessage());
        }
        if (request.getPayloadCase() == WorkloadRequest.PayloadCase.ADD) {
            return add(request.getAdd(), received);
        }
        if (received.descriptorCount() > 0) {
            return Answer.broken("a descriptor came with a message that has none");
        }
        return switch (request.getPayloadCase()) {
            case KEEP -> keep(request.getKeep().getUid());
            case DEL -> {
                pods.delete(request.getDel().getUid(), !snapshotReceived);
                yield Answer.OK;
            }
            case SNAPSHOT_SENT -> endSnapshot();
            case ADD, PAYLOAD_NOT_SET -> Answer.broken("a message without a payload that is known here");
        };
    }

    private Answer add(AddWorkload add, Received received) throws InterruptedException {
        if (received.descriptorCount() != 1) {
            return Answer.broken("AddWorkload needs one descriptor, of the pod's network namespace, and came with "
                    + received.descriptorCount());
        }
        if (!add.hasWorkloadInfo()) {
            return Answer.broken("AddWorkload of " + add.getUid() + " has no workload_info");
        }
        Netns namespace;
        try {
            namespace = Netns.adopt(received.takeDescriptor());
        } catch (IOException e) {
            return Answer.broken("AddWorkload of " + add.getUid() + ": " + e.getMessage());
        }
        var info = add.getWorkloadInfo();
        var key = new LocalWorkloadKey(info.getName(), info.getNamespace(), info.getServiceAccount());
        return new Answer(pods.add(add.getUid(), key, namespace), true);
    }

    private Answer keep(String uid) {
        if (snapshotReceived) {
            return Answer.broken("KeepWorkload after SnapshotSent");
        }
        pods.keep(uid);
        return Answer.OK;
    }

    private Answer endSnapshot() {
        if (snapshotReceived) {
            return Answer.broken("a second SnapshotSent");
        }
        snapshotReceived = true;
        pods.endSnapshot();
        return Answer.OK;
    }
}
