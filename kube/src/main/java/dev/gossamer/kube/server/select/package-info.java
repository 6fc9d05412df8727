/** Label and field selectors, as query parameters carry them. */
@NullMarked
package dev.gossamer.kube.server.select;

import org.jspecify.annotations.NullMarked;
