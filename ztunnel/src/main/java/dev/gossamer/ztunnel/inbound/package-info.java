/** What comes to a local workload: through tunnels or as it is, judged by policy, handed to the application. */
@NullMarked
package dev.gossamer.ztunnel.inbound;

import org.jspecify.annotations.NullMarked;
