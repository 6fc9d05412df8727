/** What operators can look at: metrics, dumps of the mesh and of its proxies, readiness. */
@NullMarked
package dev.gossamer.control.debug;

import org.jspecify.annotations.NullMarked;
