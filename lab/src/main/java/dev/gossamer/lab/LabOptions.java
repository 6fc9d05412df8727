package dev.gossamer.lab;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a lab is to be.
 *
 * <p>Immutable.
 *
 * @param images file that maps images to programs of this machine
 * @param data directory that keeps the cluster's objects over restarts; without one they go with the lab
 * @param bare leave out the mesh and the demo
 * @param port of the API server on 127.0.0.1; null takes 6443, or the next free one
 * @param profile of the mesh's installation
 */
public record LabOptions(
        String name,
        @Nullable Path images,
        @Nullable Path data,
        boolean bare,
        int nodes,
        @Nullable Integer port,
        String profile) {
    public static final String DEFAULT_NAME = "gossamer";
    public static final int DEFAULT_NODES = 2;
    public static final int DEFAULT_PORT = 6443;
    public static final String DEFAULT_PROFILE = "ambient";

    /** What {@code lab up} without flags asks for. */
    public static LabOptions defaults() {
        return new LabOptions(DEFAULT_NAME, null, null, false, DEFAULT_NODES, null, DEFAULT_PROFILE);
    }
}
