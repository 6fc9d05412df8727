package dev.gossamer.net.hbone;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The ordinary headers of a CONNECT request or its answer, in order; names are in lower case. Immutable. */
public final class HboneHeaders {
    public static final HboneHeaders NONE = new HboneHeaders(List.of());

    /** One header line. Immutable. */
    public record Header(String name, String value) {}

    private final List<Header> all;

    private HboneHeaders(List<Header> all) {
        this.all = List.copyOf(all);
    }

    /** {@code namesAndValues}: a name, its value, the next name, and so on. */
    public static HboneHeaders of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("a header name without a value");
        }
        var all = new ArrayList<Header>(namesAndValues.length / 2);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            all.add(new Header(namesAndValues[i].toLowerCase(Locale.ROOT), namesAndValues[i + 1]));
        }
        return new HboneHeaders(all);
    }

    static HboneHeaders of(List<Header> all) {
        return all.isEmpty() ? NONE : new HboneHeaders(all);
    }

    /** The value of the first header with this name. */
    public @Nullable String get(String name) {
        for (var header : all) {
            if (header.name().equals(name)) {
                return header.value();
            }
        }
        return null;
    }

    public List<Header> all() {
        return all;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HboneHeaders headers && headers.all.equals(all);
    }

    @Override
    public int hashCode() {
        return all.hashCode();
    }

    @Override
    public String toString() {
        return all.toString();
    }
}
