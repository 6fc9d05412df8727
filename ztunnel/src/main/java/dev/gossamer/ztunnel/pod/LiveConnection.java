package dev.gossamer.ztunnel.pod;

import dev.gossamer.ztunnel.state.MeshView;
import dev.gossamer.ztunnel.telemetry.ConnectionFacts;
import io.netty.channel.EventLoop;

/** A connection that is open through the proxy. Confined to {@link #loop}, save for {@link #loop} and {@link #facts}. */
public interface LiveConnection {
    EventLoop loop();

    ConnectionFacts facts();

    /** Counts the bytes that passed since the last time. */
    void count();

    /** Ends it, for a reason that is logged. */
    void cut(String reason);

    /** The mesh changed: what is no longer allowed ends. */
    default void review(MeshView view) {}
}
