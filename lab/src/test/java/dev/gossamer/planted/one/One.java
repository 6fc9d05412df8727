package dev.gossamer.planted.one;

import dev.gossamer.planted.two.Two;
import org.jspecify.annotations.Nullable;

/** One half of a cycle: planted for ArchitectureTest. */
public final class One {
    @Nullable
    Two two;
}
