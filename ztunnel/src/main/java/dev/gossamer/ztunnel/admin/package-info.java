/** The proxy's own pages: what it knows and does, its metrics, whether it is ready. */
@NullMarked
package dev.gossamer.ztunnel.admin;

import org.jspecify.annotations.NullMarked;
