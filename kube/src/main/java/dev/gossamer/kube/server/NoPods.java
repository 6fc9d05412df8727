package dev.gossamer.kube.server;

import java.io.InputStream;
import java.nio.channels.ByteChannel;

/** No pod runs. Immutable. */
final class NoPods implements PodAccess {
    @Override
    public InputStream logs(PodRef pod, LogOptions options) throws PodAccessException {
        throw notRunning(pod);
    }

    @Override
    public ExecSession exec(PodRef pod, ExecOptions options) throws PodAccessException {
        throw notRunning(pod);
    }

    @Override
    public ExecSession attach(PodRef pod, ExecOptions options) throws PodAccessException {
        throw notRunning(pod);
    }

    @Override
    public ByteChannel connect(PodRef pod, int port) throws PodAccessException {
        throw notRunning(pod);
    }

    private static PodAccessException notRunning(PodRef pod) {
        return new PodAccessException(
                PodAccessException.Kind.REFUSED,
                "pod " + pod.namespace() + "/" + pod.name() + " does not run: this API server has no nodes");
    }
}
