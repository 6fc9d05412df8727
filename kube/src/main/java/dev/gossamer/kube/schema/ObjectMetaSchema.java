package dev.gossamer.kube.schema;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What {@code metadata} looks like in every object, whatever its definition says. Immutable. */
final class ObjectMetaSchema {
    static final SchemaNode NODE = read();

    private ObjectMetaSchema() {}

    private static SchemaNode read() {
        var json = JsonMapper.shared().readValue(TEXT, ObjectNode.class);
        try {
            return SchemaReader.read(json);
        } catch (InvalidSchemaException e) {
            throw new IllegalStateException("the schema of metadata is broken", e);
        }
    }

    private static final String TEXT = """
            {"type": "object", "properties": {
              "name": {"type": "string"},
              "generateName": {"type": "string"},
              "namespace": {"type": "string"},
              "selfLink": {"type": "string"},
              "uid": {"type": "string"},
              "resourceVersion": {"type": "string"},
              "generation": {"type": "integer", "format": "int64"},
              "creationTimestamp": {"type": "string", "format": "date-time", "nullable": true},
              "deletionTimestamp": {"type": "string", "format": "date-time", "nullable": true},
              "deletionGracePeriodSeconds": {"type": "integer", "format": "int64"},
              "labels": {"type": "object", "additionalProperties": {"type": "string"}},
              "annotations": {"type": "object", "additionalProperties": {"type": "string"}},
              "finalizers": {"type": "array", "items": {"type": "string"},
                "x-kubernetes-list-type": "set", "x-kubernetes-patch-strategy": "merge"},
              "ownerReferences": {"type": "array",
                "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["uid"],
                "x-kubernetes-patch-strategy": "merge", "x-kubernetes-patch-merge-key": "uid",
                "items": {"type": "object", "x-kubernetes-map-type": "atomic",
                  "required": ["apiVersion", "kind", "name", "uid"],
                  "properties": {
                    "apiVersion": {"type": "string"},
                    "kind": {"type": "string"},
                    "name": {"type": "string"},
                    "uid": {"type": "string"},
                    "controller": {"type": "boolean"},
                    "blockOwnerDeletion": {"type": "boolean"}}}},
              "managedFields": {"type": "array", "x-kubernetes-list-type": "atomic",
                "items": {"type": "object", "properties": {
                  "manager": {"type": "string"},
                  "operation": {"type": "string"},
                  "apiVersion": {"type": "string"},
                  "time": {"type": "string", "format": "date-time"},
                  "fieldsType": {"type": "string"},
                  "subresource": {"type": "string"},
                  "fieldsV1": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}}}}
            """;
}
