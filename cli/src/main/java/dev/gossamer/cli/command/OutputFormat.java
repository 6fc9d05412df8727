package dev.gossamer.cli.command;

/** How a command prints what it found. */
public enum OutputFormat {
    /** Columns for people. */
    TABLE,
    /** Another name of {@link #TABLE}, which operators of Istio know. */
    SHORT,
    JSON,
    YAML;

    public boolean isTable() {
        return this == TABLE || this == SHORT;
    }
}
