/** What a local workload sends: captured, decided on, and carried to its destination in a tunnel or as it is. */
@NullMarked
package dev.gossamer.ztunnel.outbound;

import org.jspecify.annotations.NullMarked;
