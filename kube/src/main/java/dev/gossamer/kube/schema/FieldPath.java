package dev.gossamer.kube.schema;

import org.jspecify.annotations.Nullable;

/** A place in an object, written out only when something is wrong there. Immutable. */
final class FieldPath {
    static final FieldPath ROOT = new FieldPath(null, "");

    private final @Nullable FieldPath parent;
    private final String segment;

    private FieldPath(@Nullable FieldPath parent, String segment) {
        this.parent = parent;
        this.segment = segment;
    }

    FieldPath child(String name) {
        return new FieldPath(this, parent == null ? name : "." + name);
    }

    FieldPath index(int index) {
        return new FieldPath(this, "[" + index + "]");
    }

    /** An entry of a map, as opposed to a field that the schema names. */
    FieldPath key(String key) {
        return new FieldPath(this, "[" + key + "]");
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        appendTo(text);
        return text.toString();
    }

    private void appendTo(StringBuilder text) {
        if (parent != null) {
            parent.appendTo(text);
        }
        text.append(segment);
    }
}
