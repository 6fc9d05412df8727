/** The delta discovery protocol as data and as state machines of both ends, without I/O and without a clock. */
@NullMarked
package dev.gossamer.xds.delta;

import org.jspecify.annotations.NullMarked;
