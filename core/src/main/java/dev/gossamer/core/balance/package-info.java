/** Which endpoint, port and address of a service a connection goes to: pure functions of mesh state and chance. */
@NullMarked
package dev.gossamer.core.balance;

import org.jspecify.annotations.NullMarked;
