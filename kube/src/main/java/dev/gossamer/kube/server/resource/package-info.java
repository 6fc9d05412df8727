/** Which kinds are served right now: the built-in ones and those that custom resource definitions add. */
@NullMarked
package dev.gossamer.kube.server.resource;

import org.jspecify.annotations.NullMarked;
