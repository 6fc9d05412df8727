/** One workload that the proxy serves: who it is, where its sockets are opened, its certificate, its connections. */
@NullMarked
package dev.gossamer.ztunnel.pod;

import org.jspecify.annotations.NullMarked;
