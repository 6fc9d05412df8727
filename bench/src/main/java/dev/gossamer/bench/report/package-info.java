/** Figures of a run: medians of interleaved rounds, as a table, JSON and a chart. */
@NullMarked
package dev.gossamer.bench.report;

import org.jspecify.annotations.NullMarked;
