/** Gets certificates from an authority, keeps them, and renews them before they expire. */
@NullMarked
package dev.gossamer.pki.renew;

import org.jspecify.annotations.NullMarked;
