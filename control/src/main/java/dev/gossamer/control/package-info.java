/** The control plane as a program: its settings, and how its parts are wired. */
@NullMarked
package dev.gossamer.control;

import org.jspecify.annotations.NullMarked;
