package dev.gossamer.kube.server.objects;

import tools.jackson.databind.node.ObjectNode;

/** What became of a write: the object, and whether it is new. Not to be changed. */
public record Written(ObjectNode object, boolean created) {}
