package dev.gossamer.planted;

/** Is called what nothing should be: planted for ArchitectureTest. */
final class NothingUtil {}
