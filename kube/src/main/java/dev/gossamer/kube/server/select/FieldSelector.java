package dev.gossamer.kube.server.select;

import dev.gossamer.kube.server.failure.ApiException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A field selector: {@code metadata.name=x,status.phase!=Running}. Immutable. */
public record FieldSelector(List<Term> terms) {
    public static final FieldSelector EVERYTHING = new FieldSelector(List.of());

    /** Immutable. */
    public record Term(String path, boolean equal, String value) {
        boolean matches(JsonNode object) {
            var node = object;
            for (var name : path.split("\\.")) {
                node = node.path(name);
            }
            return node.asString("").equals(value) == equal;
        }
    }

    public FieldSelector {
        terms = List.copyOf(terms);
    }

    /** {@code supported}: which paths this kind can be selected by; metadata.name and metadata.namespace always. */
    public static FieldSelector parse(@Nullable String text, List<String> supported) throws ApiException {
        if (text == null || text.isBlank()) {
            return EVERYTHING;
        }
        var terms = new ArrayList<Term>();
        for (var part : text.split(",")) {
            var term = term(part.strip());
            if (!term.path().equals("metadata.name")
                    && !term.path().equals("metadata.namespace")
                    && !supported.contains(term.path())) {
                throw ApiException.badRequest("field label not supported: " + term.path());
            }
            terms.add(term);
        }
        return new FieldSelector(terms);
    }

    private static Term term(String text) throws ApiException {
        int at = text.indexOf('=');
        if (at <= 0) {
            throw ApiException.badRequest("invalid field selector " + text + ": expected field=value or field!=value");
        }
        boolean not = text.charAt(at - 1) == '!';
        var value = text.substring(text.startsWith("==", at) ? at + 2 : at + 1);
        return new Term(text.substring(0, not ? at - 1 : at), !not, value);
    }

    public boolean matches(JsonNode object) {
        for (var term : terms) {
            if (!term.matches(object)) {
                return false;
            }
        }
        return true;
    }
}
