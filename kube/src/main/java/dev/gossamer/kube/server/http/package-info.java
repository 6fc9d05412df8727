/** Requests and responses: what stands in paths, headers and bodies, and the streams of watches. */
@NullMarked
package dev.gossamer.kube.server.http;

import org.jspecify.annotations.NullMarked;
