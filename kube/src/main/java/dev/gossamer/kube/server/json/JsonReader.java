package dev.gossamer.kube.server.json;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.dataformat.yaml.YAMLFactory;

/**
 * Reads JSON and YAML that clients send: bounded in depth, and telling which fields stood twice.
 *
 * <p>Thread-safe: holds nothing but factories.
 */
public final class JsonReader {
    /** No Kubernetes type nests nearly as deep; the limit keeps recursive code off the stack's end. */
    static final int MAX_DEPTH = 200;

    private static final StreamReadConstraints BOUNDS = StreamReadConstraints.builder()
            .maxNestingDepth(MAX_DEPTH)
            .maxStringLength(3 << 20)
            .maxNumberLength(400)
            .maxNameLength(64 << 10)
            .build();
    private static final TokenStreamFactory JSON =
            JsonFactory.builder().streamReadConstraints(BOUNDS).build();
    private static final TokenStreamFactory YAML =
            YAMLFactory.builder().streamReadConstraints(BOUNDS).build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonReader() {}

    public static Parsed json(byte[] bytes) throws MalformedJsonException {
        return read(JSON, bytes);
    }

    /** YAML as manifests use it; JSON is YAML too. Anchors and aliases are refused. */
    public static Parsed yaml(byte[] bytes) throws MalformedJsonException {
        return read(YAML, bytes);
    }

    private static Parsed read(TokenStreamFactory factory, byte[] bytes) throws MalformedJsonException {
        var duplicates = new ArrayList<String>();
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), bytes)) {
            var first = parser.nextToken();
            if (first == null) {
                return new Parsed(MissingNode.getInstance(), List.of());
            }
            var root = node(parser, first, "", duplicates);
            if (parser.nextToken() != null) {
                throw new MalformedJsonException("invalid character after top-level value");
            }
            return new Parsed(root, List.copyOf(duplicates));
        } catch (JacksonException e) {
            throw new MalformedJsonException(e.getOriginalMessage());
        }
    }

    private static JsonNode node(JsonParser parser, JsonToken token, String path, List<String> duplicates)
            throws MalformedJsonException {
        return switch (token) {
            case START_OBJECT -> object(parser, path, duplicates);
            case START_ARRAY -> array(parser, path, duplicates);
            case VALUE_STRING -> NODES.stringNode(parser.getString());
            case VALUE_NUMBER_INT -> integer(parser);
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                throw new MalformedJsonException("unexpected " + token + " at " + (path.isEmpty() ? "the root" : path));
        };
    }

    private static JsonNode integer(JsonParser parser) {
        return switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> NODES.numberNode(parser.getBigIntegerValue());
        };
    }

    private static JsonNode object(JsonParser parser, String path, List<String> duplicates)
            throws MalformedJsonException {
        var object = NODES.objectNode();
        for (var token = parser.nextToken(); token != JsonToken.END_OBJECT; token = parser.nextToken()) {
            if (token != JsonToken.PROPERTY_NAME) {
                throw new MalformedJsonException("unexpected end of JSON input");
            }
            var name = parser.currentName();
            var inside = path.isEmpty() ? name : path + "." + name;
            var value = node(parser, next(parser), inside, duplicates);
            if (object.has(name)) {
                duplicates.add(inside);
            }
            object.set(name, value);
        }
        return object;
    }

    private static JsonNode array(JsonParser parser, String path, List<String> duplicates)
            throws MalformedJsonException {
        var array = NODES.arrayNode();
        for (var token = next(parser); token != JsonToken.END_ARRAY; token = next(parser)) {
            array.add(node(parser, token, path + "[" + array.size() + "]", duplicates));
        }
        return array;
    }

    private static JsonToken next(JsonParser parser) throws MalformedJsonException {
        var token = parser.nextToken();
        if (token == null) {
            throw new MalformedJsonException("unexpected end of JSON input");
        }
        return token;
    }
}
