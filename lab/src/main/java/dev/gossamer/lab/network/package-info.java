/** What a cluster's network adds to plain routing: ClusterIPs by nftables, and names by DNS. */
@NullMarked
package dev.gossamer.lab.network;

import org.jspecify.annotations.NullMarked;
