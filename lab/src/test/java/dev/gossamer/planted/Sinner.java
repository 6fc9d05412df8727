package dev.gossamer.planted;

import dev.gossamer.kube.server.PodRef;
import dev.gossamer.proto.WorkloadProto;
import io.fabric8.kubernetes.api.model.Pod;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import java.lang.foreign.Arena;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Uses what only others may: planted for ArchitectureTest. */
final class Sinner {
    @Nullable
    Pod fabric8;

    @Nullable
    ByteBuf netty;

    @Nullable
    Status grpc;

    @Nullable
    PodRef server;

    WorkloadProto.@Nullable Workload proto;

    Arena foreign = Arena.global();

    String environment = String.valueOf(System.getenv("HOME"));

    Instant clock = Instant.now();

    Thread thread = new Thread(() -> {}, "planted");
}
