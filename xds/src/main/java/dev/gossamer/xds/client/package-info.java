/** Keeps a proxy's view of the mesh up to date with its control plane's. */
@NullMarked
package dev.gossamer.xds.client;

import org.jspecify.annotations.NullMarked;
