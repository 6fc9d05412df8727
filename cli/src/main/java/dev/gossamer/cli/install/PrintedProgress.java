package dev.gossamer.cli.install;

import dev.gossamer.kube.install.Progress;
import java.io.PrintWriter;

/** A line for each component that is done. Confined to the command's thread. */
final class PrintedProgress implements Progress {
    private final PrintWriter out;
    private final String outcome;

    /** {@code outcome}: what became of a component, such as "installed". */
    PrintedProgress(PrintWriter out, String outcome) {
        this.out = out;
        this.outcome = outcome;
    }

    @Override
    public void started(String step) {
        // Only what is done is worth a line: the output is often kept in a log.
    }

    @Override
    public void done(String step) {
        out.println("✔ " + step + " " + outcome);
        out.flush();
    }

    @Override
    public void note(String text) {
        out.println("- " + text);
        out.flush();
    }
}
