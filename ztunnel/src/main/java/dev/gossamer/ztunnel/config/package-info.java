/** All that an operator can set, read once; the names are those of Istio's node proxy where the meaning is the same. */
@NullMarked
package dev.gossamer.ztunnel.config;

import org.jspecify.annotations.NullMarked;
