package dev.gossamer.control.snapshot;

import dev.gossamer.control.observed.Kind;
import dev.gossamer.control.observed.ObjectName;

/** The object that something was derived from. Immutable. */
record Origin(Kind kind, ObjectName name) {}
