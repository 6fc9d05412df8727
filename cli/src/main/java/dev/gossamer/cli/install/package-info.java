/** {@code install}, {@code uninstall}, {@code manifest generate}. */
@NullMarked
package dev.gossamer.cli.install;

import org.jspecify.annotations.NullMarked;
