package dev.gossamer.bench.contender;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** No proxy at all. */
public record Direct() implements Contender {
    @Override
    public String name() {
        return "direct";
    }

    @Override
    public @Nullable String missing() {
        return null;
    }

    @Override
    public List<Process> start(NetworkPair pair) {
        return List.of();
    }
}
