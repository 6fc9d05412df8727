/** A cluster on one machine: started, asked after and taken down from outside, and the process that is it inside. */
@NullMarked
package dev.gossamer.lab;

import org.jspecify.annotations.NullMarked;
