/** One container: its image, environment, process, log and probes. */
@NullMarked
package dev.gossamer.lab.containers;

import org.jspecify.annotations.NullMarked;
