package dev.gossamer.core.config;

import java.util.List;

/** An operator's settings cannot be used; the message lists every mistake. */
public final class InvalidSettingsException extends Exception {
    private final List<String> mistakes;

    InvalidSettingsException(List<String> mistakes) {
        super("invalid settings:\n  " + String.join("\n  ", mistakes), null, false, false);
        this.mistakes = List.copyOf(mistakes);
    }

    public List<String> mistakes() {
        return mistakes;
    }
}
