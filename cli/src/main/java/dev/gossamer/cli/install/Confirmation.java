package dev.gossamer.cli.install;

import dev.gossamer.cli.command.CommandException;
import dev.gossamer.cli.command.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Locale;

/** Asks the user before something is changed. */
final class Confirmation {
    private Confirmation() {}

    /** Returns only if the answer is yes. */
    static void require(PrintWriter out, String question) throws CommandException {
        out.print(question + " (y/N) ");
        out.flush();
        try {
            // Not closed: standard input is not ours.
            var answer = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
            if (answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y")) {
                return;
            }
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "the answer cannot be read; pass --skip-confirmation", e);
        }
        throw new CommandException(ExitCode.FAILED, "nothing was changed; pass --skip-confirmation (-y) to go ahead");
    }
}
