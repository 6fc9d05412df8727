/**
 * The mesh, kept up to date: one thread owns what was observed, derives again only what a change can have touched, and
 * publishes the result.
 */
@NullMarked
package dev.gossamer.control.snapshot;

import org.jspecify.annotations.NullMarked;
