/** How a change is worked into an object: JSON patch, merge patch, strategic merge patch, server-side apply with field owners. */
@NullMarked
package dev.gossamer.kube.server.patch;

import org.jspecify.annotations.NullMarked;
