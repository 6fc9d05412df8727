/** The {@code gossamer} command. */
@NullMarked
package dev.gossamer.cli;

import org.jspecify.annotations.NullMarked;
