/** {@code kubectl}: the real one if it is installed, else its most used verbs. */
@NullMarked
package dev.gossamer.cli.kubectl;

import org.jspecify.annotations.NullMarked;
