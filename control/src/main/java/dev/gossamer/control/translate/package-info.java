/** What the mesh makes of Kubernetes objects: pure functions from what was observed to what proxies are told. */
@NullMarked
package dev.gossamer.control.translate;

import org.jspecify.annotations.NullMarked;
