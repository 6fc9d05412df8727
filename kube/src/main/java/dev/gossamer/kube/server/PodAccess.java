package dev.gossamer.kube.server;

import java.io.InputStream;
import java.nio.channels.ByteChannel;

/**
 * What the API server needs of whoever runs the pods: logs, commands, connections. A cluster's API server asks the
 * node's kubelet for these.
 *
 * <p>Implementations are thread-safe; every method may wait and is called on a virtual thread.
 */
public interface PodAccess {
    /** For servers whose pods are objects only. */
    PodAccess NONE = new NoPods();

    /** The log of a container; the caller closes it, which also ends a stream that follows. */
    InputStream logs(PodRef pod, LogOptions options) throws PodAccessException;

    /** Starts a command in a running container. */
    ExecSession exec(PodRef pod, ExecOptions options) throws PodAccessException;

    /** The streams of a container's own process; {@code options.command()} is empty. */
    ExecSession attach(PodRef pod, ExecOptions options) throws PodAccessException;

    /** A connection to a port on the loopback address inside the pod's network namespace. */
    ByteChannel connect(PodRef pod, int port) throws PodAccessException;
}
