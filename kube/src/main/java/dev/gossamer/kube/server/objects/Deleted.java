package dev.gossamer.kube.server.objects;

import tools.jackson.databind.node.ObjectNode;

/** What became of a deletion: the object's last state, and whether it is gone already. Not to be changed. */
public record Deleted(ObjectNode object, boolean gone) {}
