/** Who may have which certificate, and the root that all of them end at. */
@NullMarked
package dev.gossamer.control.ca;

import org.jspecify.annotations.NullMarked;
