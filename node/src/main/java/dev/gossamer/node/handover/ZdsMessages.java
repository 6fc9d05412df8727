package dev.gossamer.node.handover;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.gossamer.proto.ZdsProto.AddWorkload;
import dev.gossamer.proto.ZdsProto.DelWorkload;
import dev.gossamer.proto.ZdsProto.SnapshotSent;
import dev.gossamer.proto.ZdsProto.Version;
import dev.gossamer.proto.ZdsProto.WorkloadInfo;
import dev.gossamer.proto.ZdsProto.WorkloadRequest;
import dev.gossamer.proto.ZdsProto.WorkloadResponse;
import dev.gossamer.proto.ZdsProto.ZdsHello;
import java.io.IOException;

/** What goes over the socket, as bytes. Immutable. */
final class ZdsMessages {
    private ZdsMessages() {}

    static byte[] add(HandedPod pod) {
        var info = WorkloadInfo.newBuilder()
                .setName(pod.name())
                .setNamespace(pod.namespace())
                .setServiceAccount(pod.serviceAccount());
        var add = AddWorkload.newBuilder().setUid(pod.uid()).setWorkloadInfo(info);
        return WorkloadRequest.newBuilder().setAdd(add).build().toByteArray();
    }

    static byte[] delete(String podUid) {
        return WorkloadRequest.newBuilder()
                .setDel(DelWorkload.newBuilder().setUid(podUid))
                .build()
                .toByteArray();
    }

    static byte[] snapshotSent() {
        return WorkloadRequest.newBuilder()
                .setSnapshotSent(SnapshotSent.getDefaultInstance())
                .build()
                .toByteArray();
    }

    /** @throws IOException if this is no greeting, or of a version that nobody here speaks: the peer's fault */
    static void requireHello(byte[] message) throws IOException {
        ZdsHello hello;
        try {
            hello = ZdsHello.parseFrom(message);
        } catch (InvalidProtocolBufferException e) {
            throw new IOException("the first message is not a greeting", e);
        }
        if (hello.getVersion() != Version.V1) {
            throw new IOException(
                    "the node proxy speaks version " + hello.getVersionValue() + ", this agent version 1");
        }
    }

    /**
     * The error in an answer; empty for success.
     *
     * @throws IOException if it is no answer: the peer's fault
     */
    static String acknowledgement(byte[] message) throws IOException {
        try {
            var response = WorkloadResponse.parseFrom(message);
            if (response.getPayloadCase() != WorkloadResponse.PayloadCase.ACK) {
                throw new IOException("an answer without acknowledgement");
            }
            return response.getAck().getError();
        } catch (InvalidProtocolBufferException e) {
            throw new IOException("an answer that cannot be read", e);
        }
    }
}
