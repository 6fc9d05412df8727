/** The demo: small HTTP services that call one another and count what fails. */
@NullMarked
package dev.gossamer.lab.apps;

import org.jspecify.annotations.NullMarked;
