package dev.gossamer.core.planted;

/** Breaks "core is pure JDK": planted for ArchitectureTest. */
final class ImpureCore {
    Object library = org.slf4j.LoggerFactory.getLogger(ImpureCore.class);
}
