package dev.gossamer.bench.contender;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One way from the client to the server. */
public sealed interface Contender permits Direct, HaproxyPair, ZtunnelPair {
    String name();

    /** Why it cannot take part; absent if it can. */
    @Nullable
    String missing();

    /** Starts its proxies, client's first; they may need a moment until they listen. */
    List<Process> start(NetworkPair pair) throws IOException, InterruptedException;
}
