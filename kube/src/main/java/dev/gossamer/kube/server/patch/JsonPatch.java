package dev.gossamer.kube.server.patch;

import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.failure.Reason;
import dev.gossamer.kube.server.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON patch (RFC 6902). Immutable. */
public final class JsonPatch {
    /** As a real server: more operations than this are refused. */
    static final int MAX_OPERATIONS = 10_000;

    /** Copies may double an object each time; this bounds what a patch can make of 3 MiB. */
    private static final int MAX_COPIES = 100;

    private JsonPatch() {}

    /** {@code target} with all {@code operations} done, or an error and no change: {@code target} itself stays. */
    public static JsonNode apply(JsonNode target, JsonNode operations) throws ApiException {
        if (!(operations instanceof ArrayNode list)) {
            throw ApiException.badRequest("a JSON patch is a list of operations");
        }
        if (list.size() > MAX_OPERATIONS) {
            throw ApiException.of(
                    Reason.REQUEST_ENTITY_TOO_LARGE,
                    "The allowed maximum operations in a JSON patch is " + MAX_OPERATIONS + ", got " + list.size());
        }
        var document = new Document(target.deepCopy());
        for (var operation : list) {
            document.run(operation);
        }
        return document.root;
    }

    /** What the operations work on. Confined to one {@link #apply}. */
    private static final class Document {
        private JsonNode root;
        private int copies;

        Document(JsonNode root) {
            this.root = root;
        }

        void run(JsonNode operation) throws ApiException {
            var path = pointer(operation, "path");
            var kind = Json.text(operation, "op");
            switch (kind) {
                case "add" -> add(path, value(operation));
                case "remove" -> remove(path);
                case "replace" -> {
                    if (!path.isEmpty()) {
                        find(path);
                    }
                    replace(path, value(operation));
                }
                case "move" -> move(pointer(operation, "from"), path);
                case "copy" -> {
                    if (++copies > MAX_COPIES) {
                        throw ApiException.of(
                                Reason.REQUEST_ENTITY_TOO_LARGE,
                                "a JSON patch may hold at most " + MAX_COPIES + " copy operations");
                    }
                    add(path, find(pointer(operation, "from")).deepCopy());
                }
                case "test" -> test(path, operation);
                default -> throw failed("Unexpected kind: " + (kind.isEmpty() ? "unknown" : kind));
            }
        }

        private void test(List<String> path, JsonNode operation) throws ApiException {
            var expected = operation.path("value");
            @Nullable JsonNode actual;
            try {
                actual = find(path);
            } catch (ApiException e) {
                actual = null;
            }
            boolean same = actual == null
                    ? expected.isMissingNode() || expected.isNull()
                    : Json.same(actual, expected) || (actual.isNull() && expected.isMissingNode());
            if (!same) {
                throw failed("testing path /" + String.join("/", path) + " failed: test failed");
            }
        }

        private void move(List<String> from, List<String> to) throws ApiException {
            if (to.size() > from.size() && to.subList(0, from.size()).equals(from)) {
                throw failed("an element cannot be moved into itself: /" + String.join("/", from));
            }
            var moved = find(from);
            remove(from);
            add(to, moved);
        }

        private JsonNode find(List<String> path) throws ApiException {
            var node = root;
            for (int i = 0; i < path.size(); i++) {
                var next =
                        switch (node) {
                            case ObjectNode object -> object.get(path.get(i));
                            case ArrayNode array -> array.get(index(array, path.get(i), array.size() - 1, path));
                            default -> null;
                        };
                if (next == null) {
                    throw missing(path);
                }
                node = next;
            }
            return node;
        }

        private void add(List<String> path, JsonNode value) throws ApiException {
            if (path.isEmpty()) {
                root = value;
                return;
            }
            var last = path.getLast();
            switch (find(path.subList(0, path.size() - 1))) {
                case ObjectNode object -> object.set(last, value);
                case ArrayNode array -> {
                    if (last.equals("-")) {
                        array.add(value);
                    } else {
                        array.insert(index(array, last, array.size(), path), value);
                    }
                }
                default -> throw missing(path);
            }
        }

        private void replace(List<String> path, JsonNode value) throws ApiException {
            if (path.isEmpty()) {
                root = value;
                return;
            }
            var last = path.getLast();
            switch (find(path.subList(0, path.size() - 1))) {
                case ObjectNode object -> object.set(last, value);
                case ArrayNode array -> array.set(index(array, last, array.size() - 1, path), value);
                default -> throw missing(path);
            }
        }

        private void remove(List<String> path) throws ApiException {
            if (path.isEmpty()) {
                throw failed("the whole object cannot be removed by a patch");
            }
            find(path);
            var last = path.getLast();
            switch (find(path.subList(0, path.size() - 1))) {
                case ObjectNode object -> object.remove(last);
                case ArrayNode array -> array.remove(index(array, last, array.size() - 1, path));
                default -> throw missing(path);
            }
        }
    }

    private static int index(ArrayNode array, String text, int highest, List<String> path) throws ApiException {
        boolean decimal = text.length() < 9 && !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int index = decimal ? Integer.parseInt(text) : -1;
        if (index < 0 || index > highest) {
            throw failed("Unable to access invalid index: " + text + " of a list of " + array.size() + ": /"
                    + String.join("/", path));
        }
        return index;
    }

    private static JsonNode value(JsonNode operation) throws ApiException {
        var value = operation.get("value");
        if (value == null) {
            throw failed("operation " + Json.text(operation, "op") + " without a value");
        }
        return value.deepCopy();
    }

    private static List<String> pointer(JsonNode operation, String field) throws ApiException {
        var node = operation.path(field);
        if (!node.isString()
                || !(node.stringValue().isEmpty() || node.stringValue().startsWith("/"))) {
            throw failed("operation without a valid \"" + field + "\"");
        }
        var text = node.stringValue();
        if (text.isEmpty()) {
            return List.of();
        }
        var parts = new ArrayList<String>();
        for (var part : text.substring(1).split("/", -1)) {
            parts.add(part.replace("~1", "/").replace("~0", "~"));
        }
        return parts;
    }

    private static ApiException missing(List<String> path) {
        return failed("doc is missing path: \"/" + String.join("/", path) + "\": missing value");
    }

    private static ApiException failed(String why) {
        return ApiException.of(
                Reason.INVALID, "the server rejected our request due to an error in our request: " + why);
    }
}
