/** Who may connect to whom: L4 policies as data, and their evaluation to a {@link Verdict}. */
@NullMarked
package dev.gossamer.core.policy;

import org.jspecify.annotations.NullMarked;
