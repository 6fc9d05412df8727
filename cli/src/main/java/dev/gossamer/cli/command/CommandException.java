package dev.gossamer.cli.command;

/** A command cannot do what it was asked. The message is for the user: one sentence, with the remedy. */
public final class CommandException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ExitCode code;

    public CommandException(ExitCode code, String message) {
        super(message);
        this.code = code;
    }

    public CommandException(ExitCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public ExitCode code() {
        return code;
    }
}
