/** What operators see: close codes, labels and log records as data, and the one place that writes log lines. */
@NullMarked
package dev.gossamer.core.telemetry;

import org.jspecify.annotations.NullMarked;
