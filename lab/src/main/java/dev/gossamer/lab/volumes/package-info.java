/** What a pod finds in its file system: volumes, tokens, its own hosts and resolver files. */
@NullMarked
package dev.gossamer.lab.volumes;

import org.jspecify.annotations.NullMarked;
