/** {@code lab}: the whole mesh on this machine, started, listed and taken down. */
@NullMarked
package dev.gossamer.cli.lab;

import org.jspecify.annotations.NullMarked;
