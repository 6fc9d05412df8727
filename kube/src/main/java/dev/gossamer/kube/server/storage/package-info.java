/** Where objects live: one ordered history of changes, kept in memory and, where asked for, in a journal on disk. */
@NullMarked
package dev.gossamer.kube.server.storage;

import org.jspecify.annotations.NullMarked;
