package dev.gossamer.lab;

/** What a lab that starts tells whoever started it: one line each. Immutable. */
sealed interface StartMessage {
    /** A step has begun or is done. */
    record Step(String text) implements StartMessage {}

    record Ready() implements StartMessage {}

    record Failed(String reason) implements StartMessage {}

    default String line() {
        return switch (this) {
            case Step(var text) -> "step " + text.replace('\n', ' ');
            case Ready() -> "ready";
            case Failed(var reason) -> "failed " + reason.replace("\\", "\\\\").replace("\n", "\\n");
        };
    }

    static StartMessage parse(String line) {
        if (line.equals("ready")) {
            return new Ready();
        }
        if (line.startsWith("failed ")) {
            return new Failed(
                    line.substring("failed ".length()).replace("\\n", "\n").replace("\\\\", "\\"));
        }
        return new Step(line.startsWith("step ") ? line.substring("step ".length()) : line);
    }
}
