package dev.gossamer.node.planted;

/** A program that is known to another one: planted for ArchitectureTest. */
public final class Agent {}
