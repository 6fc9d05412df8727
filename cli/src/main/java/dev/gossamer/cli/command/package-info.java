/** What all commands share: finding the cluster, output formats and tables, exit codes, errors in one sentence. */
@NullMarked
package dev.gossamer.cli.command;

import org.jspecify.annotations.NullMarked;
