package dev.gossamer.planted.two;

import dev.gossamer.planted.one.One;
import org.jspecify.annotations.Nullable;

/** The other half of a cycle: planted for ArchitectureTest. */
public final class Two {
    @Nullable
    One one;
}
