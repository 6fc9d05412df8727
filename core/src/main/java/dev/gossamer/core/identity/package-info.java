/** Who a workload is. */
@NullMarked
package dev.gossamer.core.identity;

import org.jspecify.annotations.NullMarked;
