/** What the server adds to or refuses in an object before it is stored: defaults, addresses, rules of single kinds. */
@NullMarked
package dev.gossamer.kube.server.admission;

import org.jspecify.annotations.NullMarked;
