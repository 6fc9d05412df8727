/** The tables that kubectl get prints: columns and cells for each kind. */
@NullMarked
package dev.gossamer.kube.server.table;

import org.jspecify.annotations.NullMarked;
