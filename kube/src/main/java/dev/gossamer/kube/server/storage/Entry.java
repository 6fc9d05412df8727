package dev.gossamer.kube.server.storage;

import tools.jackson.databind.node.ObjectNode;

/**
 * An object as it stood after change {@code version}.
 *
 * <p>Immutable by agreement: {@code object} is shared by every reader, so whoever wants to change it copies it first.
 */
public record Entry(Key key, long version, ObjectNode object) {}
