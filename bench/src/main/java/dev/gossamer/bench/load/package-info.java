/** The load: a server and a client, each a process of its own, told what to do line by line. */
@NullMarked
package dev.gossamer.bench.load;

import org.jspecify.annotations.NullMarked;
