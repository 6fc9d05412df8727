/** What Linux offers to a node proxy and the JDK does not: namespaces, passing of descriptors, socket options. The only user of foreign functions. */
@NullMarked
package dev.gossamer.net.linux;

import org.jspecify.annotations.NullMarked;
