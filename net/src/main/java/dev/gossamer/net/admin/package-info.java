/** A small HTTP/1.1 server for status, metrics and debug pages. */
@NullMarked
package dev.gossamer.net.admin;

import org.jspecify.annotations.NullMarked;
