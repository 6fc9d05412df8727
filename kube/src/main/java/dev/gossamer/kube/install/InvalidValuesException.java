package dev.gossamer.kube.install;

import java.util.List;

/** What an operator set cannot be installed. Theirs to mend: the message lists every mistake. */
public final class InvalidValuesException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidValuesException(List<String> mistakes) {
        super(String.join("; ", mistakes));
    }
}
