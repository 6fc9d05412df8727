/** Runs beside one another what users would pick instead, and says what it saw. */
@NullMarked
package dev.gossamer.bench;

import org.jspecify.annotations.NullMarked;
