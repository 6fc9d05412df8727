package dev.gossamer.ztunnel.planted;

import dev.gossamer.node.planted.Agent;
import org.jspecify.annotations.Nullable;

/** A program that knows another one: planted for ArchitectureTest. */
final class CuriousProxy {
    @Nullable
    Agent agent;
}
