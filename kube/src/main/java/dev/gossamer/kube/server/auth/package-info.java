/** Who calls, and what they may do: bearer tokens, service account tokens, roles and their bindings. */
@NullMarked
package dev.gossamer.kube.server.auth;

import org.jspecify.annotations.NullMarked;
