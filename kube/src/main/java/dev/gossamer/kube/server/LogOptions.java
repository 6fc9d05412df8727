package dev.gossamer.kube.server;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a reader of a container's log asked for.
 *
 * <p>Immutable.
 *
 * @param follow keep the stream open and go on with what is written later
 * @param previous the log of the container's run before this one
 * @param timestamps begin each line with its time (RFC 3339, nanoseconds) and a space
 * @param tailLines start this many lines before the end
 * @param since leave out what was written before
 * @param limitBytes end the stream after this many bytes
 */
public record LogOptions(
        String container,
        boolean follow,
        boolean previous,
        boolean timestamps,
        @Nullable Long tailLines,
        @Nullable Instant since,
        @Nullable Long limitBytes) {}
