package dev.gossamer.kube.server.objects;

import dev.gossamer.kube.server.failure.Cause;
import dev.gossamer.kube.server.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The rules that hold for the metadata of every kind. Immutable. */
final class Metadata {
    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern DNS_1035_LABEL = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern QUALIFIED_NAME = Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");
    private static final String SUBDOMAIN_RULE =
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must"
                    + " start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is"
                    + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    private static final String LABEL_RULE =
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and"
                    + " end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is"
                    + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
    private static final String LABEL_1035_RULE =
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic"
                    + " character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for"
                    + " validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
    private static final String NAME_PART_RULE =
            "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
                    + " alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is"
                    + " '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
    private static final String LABEL_VALUE_RULE =
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must"
                    + " start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex"
                    + " used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    /** Kinds whose names become a part of host names. */
    private static final Set<String> LABEL_NAMES = Set.of("/namespaces");

    private static final int MAX_ANNOTATION_BYTES = 256 << 10;

    private Metadata() {}

    static List<Cause> problems(String storage, ObjectNode object) {
        var problems = new ArrayList<Cause>();
        var metadata = object.path("metadata");
        checkName(storage, Json.text(metadata, "name"), problems);
        checkLabels(metadata.path("labels"), problems);
        checkAnnotations(metadata.path("annotations"), problems);
        checkOwners(metadata.path("ownerReferences"), problems);
        return problems;
    }

    private static void checkName(String storage, String name, List<Cause> problems) {
        if (name.isEmpty()) {
            problems.add(new Cause(
                    "FieldValueRequired", "metadata.name", "Required value: name or generateName is required"));
        } else if (storage.startsWith("rbac.authorization.k8s.io/")) {
            if (name.equals(".") || name.equals("..") || name.contains("/") || name.contains("%")) {
                problems.add(invalid("metadata.name", name, "may not contain '/' or '%', or be '.' or '..'"));
            }
        } else if (storage.equals("/services")) {
            check(name, 63, DNS_1035_LABEL, LABEL_1035_RULE, problems);
        } else if (LABEL_NAMES.contains(storage)) {
            check(name, 63, DNS_LABEL, LABEL_RULE, problems);
        } else {
            check(name, 253, SUBDOMAIN, SUBDOMAIN_RULE, problems);
        }
    }

    private static void check(String name, int limit, Pattern form, String rule, List<Cause> problems) {
        if (name.length() > limit) {
            problems.add(invalid("metadata.name", name, "must be no more than " + limit + " characters"));
        }
        if (!form.matcher(name).matches()) {
            problems.add(invalid("metadata.name", name, rule));
        }
    }

    private static void checkLabels(JsonNode labels, List<Cause> problems) {
        for (var label : labels.properties()) {
            checkKey("metadata.labels", label.getKey(), problems);
            var value = label.getValue().asString("");
            if (value.length() > 63) {
                problems.add(invalid("metadata.labels", value, "must be no more than 63 characters"));
            }
            if (!value.isEmpty() && !QUALIFIED_NAME.matcher(value).matches()) {
                problems.add(invalid("metadata.labels", value, LABEL_VALUE_RULE));
            }
        }
    }

    private static void checkKey(String field, String key, List<Cause> problems) {
        int slash = key.indexOf('/');
        var prefix = slash < 0 ? "x" : key.substring(0, slash);
        var name = key.substring(slash + 1);
        if (prefix.isEmpty()) {
            problems.add(invalid(field, key, "prefix part must be non-empty"));
        } else if (prefix.length() > 253 || !SUBDOMAIN.matcher(prefix).matches()) {
            problems.add(invalid(field, key, "prefix part " + SUBDOMAIN_RULE));
        }
        if (name.isEmpty()) {
            problems.add(invalid(field, key, "name part must be non-empty"));
        } else if (name.length() > 63) {
            problems.add(invalid(field, key, "name part must be no more than 63 characters"));
        }
        if (!QUALIFIED_NAME.matcher(name).matches()) {
            problems.add(invalid(field, key, NAME_PART_RULE));
        }
    }

    private static void checkAnnotations(JsonNode annotations, List<Cause> problems) {
        long bytes = 0;
        for (var annotation : annotations.properties()) {
            checkKey("metadata.annotations", annotation.getKey().toLowerCase(java.util.Locale.ROOT), problems);
            bytes += annotation.getKey().length()
                    + annotation.getValue().asString("").length();
        }
        if (bytes > MAX_ANNOTATION_BYTES) {
            problems.add(new Cause(
                    "FieldValueTooLong",
                    "metadata.annotations",
                    "Too long: may not be more than " + MAX_ANNOTATION_BYTES + " bytes"));
        }
    }

    private static void checkOwners(JsonNode owners, List<Cause> problems) {
        int controllers = 0;
        int index = 0;
        for (var owner : owners) {
            for (var field : List.of("apiVersion", "kind", "name", "uid")) {
                if (Json.text(owner, field).isEmpty()) {
                    problems.add(new Cause(
                            "FieldValueInvalid",
                            "metadata.ownerReferences[" + index + "]." + field,
                            "Invalid value: \"\": " + (field.equals("apiVersion") ? "version" : field)
                                    + " must not be empty"));
                }
            }
            controllers += Json.isTrue(owner, "controller") ? 1 : 0;
            index++;
        }
        if (controllers > 1) {
            problems.add(new Cause(
                    "FieldValueInvalid",
                    "metadata.ownerReferences",
                    "Invalid value: Only one reference can have Controller set to true"));
        }
    }

    private static Cause invalid(String field, String value, String rule) {
        return new Cause("FieldValueInvalid", field, "Invalid value: \"" + value + "\": " + rule);
    }

    /** What only the server may write is as before, whatever the client sent. */
    static void restore(ObjectNode object, ObjectNode before) {
        var metadata = Json.ensureObject(object, "metadata");
        metadata.remove("selfLink");
        for (var field : List.of(
                "name",
                "namespace",
                "generateName",
                "uid",
                "creationTimestamp",
                "generation",
                "deletionTimestamp",
                "deletionGracePeriodSeconds")) {
            var was = before.path("metadata").get(field);
            if (was == null) {
                metadata.remove(field);
            } else {
                metadata.set(field, was);
            }
        }
    }

    static boolean isDeleting(@Nullable JsonNode object) {
        return object != null && Json.at(object, "metadata").hasNonNull("deletionTimestamp");
    }

    static boolean hasFinalizers(JsonNode object) {
        return !Json.at(object, "metadata", "finalizers").isEmpty();
    }

    static List<String> finalizers(JsonNode object) {
        var names = new ArrayList<String>();
        Json.at(object, "metadata", "finalizers").forEach(name -> names.add(name.asString("")));
        return names;
    }
}
