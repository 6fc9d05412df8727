/** What a node proxy knows of the mesh: workloads and services, as records without behaviour of their own. */
@NullMarked
package dev.gossamer.core.workload;

import org.jspecify.annotations.NullMarked;
