/** Start, stop and time: shutdown in reverse order, drain, threads that live and die together, the clock. */
@NullMarked
package dev.gossamer.core.lifecycle;

import org.jspecify.annotations.NullMarked;
