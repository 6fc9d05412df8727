/** What the control plane writes into the cluster: conditions, the root and the bundles that proxies trust. */
@NullMarked
package dev.gossamer.control.status;

import org.jspecify.annotations.NullMarked;
