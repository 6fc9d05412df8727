package dev.gossamer.cli.command;

/** What the command tells the shell. */
public enum ExitCode {
    /** It did what was asked. */
    OK(0),
    /** It could not; the message says why and what to do. */
    FAILED(1),
    /** It was not asked properly: an unknown flag, a missing argument, a value that cannot be. */
    USAGE(2),
    /** There is no cluster, or it does not answer. */
    NO_CLUSTER(3),
    /** What was asked about is not there. */
    NOT_FOUND(4),
    /** It did not happen in the time given. */
    TIMED_OUT(5),
    /** Looked at, and found wanting: a check's answer is no. */
    CHECK_FAILED(6);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
