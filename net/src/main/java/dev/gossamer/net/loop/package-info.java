/** Event loops and their memory: the only place that makes platform threads for the data plane. */
@NullMarked
package dev.gossamer.net.loop;

import org.jspecify.annotations.NullMarked;
