/** {@code ztunnel-config}: what the node proxies know, read from their admin pages. */
@NullMarked
package dev.gossamer.cli.ztunnel;

import org.jspecify.annotations.NullMarked;
