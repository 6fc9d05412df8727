/** What the proxy counts and logs about connections and about itself. */
@NullMarked
package dev.gossamer.ztunnel.telemetry;

import org.jspecify.annotations.NullMarked;
