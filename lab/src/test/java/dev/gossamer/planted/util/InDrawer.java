package dev.gossamer.planted.util;

/** Lies in a drawer: planted for ArchitectureTest. */
final class InDrawer {}
