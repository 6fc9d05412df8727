/** Typed reading of the environment, with all mistakes of a start in one message. */
@NullMarked
package dev.gossamer.core.config;

import org.jspecify.annotations.NullMarked;
