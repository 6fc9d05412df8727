/** What is measured: a pair of proxies, one beside the client and one beside the server, each kind set up in its own way. */
@NullMarked
package dev.gossamer.bench.contender;

import org.jspecify.annotations.NullMarked;
