/** Serves the newest state of the mesh to any number of proxies. */
@NullMarked
package dev.gossamer.xds.server;

import org.jspecify.annotations.NullMarked;
