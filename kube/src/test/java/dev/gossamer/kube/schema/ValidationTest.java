package dev.gossamer.kube.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

class ValidationTest {
    /** Schema of {@code spec.x}, a value for it, and what a server says of it. */
    @ParameterizedTest(name = "{0} / {1}")
    @CsvFileSource(
            resources = "values.psv",
            delimiter = '|',
            numLinesToSkip = 1,
            quoteCharacter = '\u0001',
            maxCharsPerColumn = 10_000)
    void judgesAsAServerDoes(String schema, String value, String expected) throws InvalidSchemaException {
        var compiled = schema("{type: object, properties: {x: " + schema + "}}");
        var errors = compiled.validate(yaml("{spec: {x: " + value + "}}"), null);
        assertThat(String.join(" && ", errors.stream().map(FieldError::text).toList()))
                .isEqualTo(expected == null ? "" : expected);
    }

    @Test
    void namesEveryMissingField() throws InvalidSchemaException {
        var compiled = schema("{type: object, required: [a, b], properties: {a: {type: string}, b: {type: string}}}");
        assertThat(texts(compiled, "{spec: {}}", null))
                .containsExactly("spec.a: Required value", "spec.b: Required value");
    }

    @Test
    void doesNotJudgeRulesOnAnObjectThatIsBroken() throws InvalidSchemaException {
        var compiled = schema("{type: object, required: [a], properties: {a: {type: string}},"
                + " x-kubernetes-validations: [{rule: 'self.a == \"b\"', message: must be b}]}");
        assertThat(texts(compiled, "{spec: {}}", null))
                .containsExactly(
                        "spec.a: Required value",
                        "<nil>: Invalid value: null: some validation rules were not checked because the object was"
                                + " invalid; correct the existing errors to complete validation");
        assertThat(texts(compiled, "{spec: {a: c}}", null))
                .containsExactly("spec: Invalid value: \"object\": must be b");
    }

    @Test
    void reportsRulesWhereAndAsTheirAuthorsSay() throws InvalidSchemaException {
        var compiled = schema(
                "{type: object, properties: {a: {type: integer}, b: {type: object, properties: {c.d: {type: string}}}},"
                        + " x-kubernetes-validations: ["
                        + "{rule: 'self.a > 1', messageExpression: '\"a is \" + string(self.a)'},"
                        + "{rule: 'self.a > 2', message: m, reason: FieldValueForbidden, fieldPath: .a},"
                        + "{rule: 'self.a > 3', message: m, reason: FieldValueRequired, fieldPath: \".b['c.d']\"},"
                        + "{rule: 'self.a > 4', messageExpression: '1 / (self.a - 1) == 0 ? \"\" : \"\"'},"
                        + "{rule: 'self.missing', message: gone}]}");
        assertThat(texts(compiled, "{spec: {a: 1}}", null))
                .containsExactly(
                        "spec: Invalid value: \"object\": a is 1",
                        "spec.a: Forbidden: m",
                        "spec.b.c.d: Required value: m",
                        "spec: Invalid value: \"object\": failed rule: self.a > 4",
                        "spec: Invalid value: \"object\": no such key: missing evaluating rule: gone");
    }

    @Test
    void rulesSeeTheRootsNameAndKindAndNoMoreOfItsMetadata() throws InvalidSchemaException {
        var compiled = compile("{type: object, x-kubernetes-validations: ["
                + "{rule: 'self.metadata.name == \"a\" && self.kind == \"Thing\" && self.apiVersion == \"x/v1\"'},"
                + "{rule: '!has(self.metadata.labels)'}]}");
        assertThat(texts(compiled, "{apiVersion: x/v1, kind: Thing, metadata: {name: a, labels: {b: c}}}", null))
                .isEmpty();
        assertThat(texts(compiled, "{apiVersion: x/v1, kind: Thing, metadata: {name: b}}", null))
                .hasSize(1);
    }

    @Test
    void rulesNameFieldsThatAreWordsOfTheLanguage() throws InvalidSchemaException {
        var compiled = schema(
                "{type: object, properties: {namespace: {type: string}, x-y: {type: string}, a.b: {type: string},"
                        + " i: {x-kubernetes-int-or-string: true}, t: {type: string, format: date-time}, d: {type: string, format: duration}},"
                        + " x-kubernetes-validations: [{rule: \"self.__namespace__ == 'n' && self.x__dash__y == 'd' && self.a__dot__b == 'e'"
                        + " && self.i == 5 && self.t < timestamp('2030-01-01T00:00:00Z') && self.d > duration('1s')\"}]}");
        assertThat(texts(
                        compiled,
                        "{spec: {namespace: n, x-y: d, a.b: e, i: 5, t: '2024-05-06T07:08:09Z', d: 1m}}",
                        null))
                .isEmpty();
    }

    @Test
    void rulesSeeNullsWhereTheyAreAllowed() throws InvalidSchemaException {
        var compiled = schema("{type: object, properties: {n: {type: string, nullable: true}},"
                + " x-kubernetes-validations: [{rule: 'has(self.n) && self.n == null'}]}");
        assertThat(texts(compiled, "{spec: {n: null}}", null)).isEmpty();
        assertThat(texts(compiled, "{spec: {n: a}}", null)).hasSize(1);
    }

    @Test
    void transitionsAreJudgedOnlyWhereThereWasSomethingBefore() throws InvalidSchemaException {
        var compiled = schema(
                "{type: object, properties: {a: {type: string, x-kubernetes-validations: [{rule: self == oldSelf, message: fixed}]},"
                        + " b: {type: integer, x-kubernetes-validations: [{rule: '!oldSelf.hasValue() || self > oldSelf.value()', optionalOldSelf: true, message: grows}]}}}");
        assertThat(texts(compiled, "{spec: {a: x, b: 1}}", null)).isEmpty();
        assertThat(texts(compiled, "{spec: {a: x, b: 1}}", "{spec: {}}")).isEmpty();
        assertThat(texts(compiled, "{spec: {a: y, b: 2}}", "{spec: {a: x, b: 1}}"))
                .containsExactly("spec.a: Invalid value: \"string\": fixed");
        assertThat(texts(compiled, "{spec: {a: x, b: 1}}", "{spec: {a: x, b: 1}}"))
                .containsExactly("spec.b: Invalid value: \"integer\": grows");
    }

    @Test
    void findsFormerElementsOfAMapListByTheirKeys() throws InvalidSchemaException {
        var compiled = schema(
                "{type: object, properties: {l: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [name],"
                        + " items: {type: object, required: [name], properties: {name: {type: string},"
                        + " v: {type: integer, x-kubernetes-validations: [{rule: self >= oldSelf, message: shrinks}]}}}}}}");
        assertThat(texts(
                        compiled,
                        "{spec: {l: [{name: b, v: 1}, {name: a, v: 1}]}}",
                        "{spec: {l: [{name: a, v: 2}, {name: b, v: 1}]}}"))
                .containsExactly("spec.l[1].v: Invalid value: \"integer\": shrinks");
    }

    @Test
    void doesNotHoldAgainstAnUpdateWhatItDoesNotChange() throws InvalidSchemaException {
        var compiled = schema("{type: object, properties: {a: {type: string, maxLength: 1}, b: {type: string},"
                + " c: {type: string, x-kubernetes-validations: [{rule: 'self == \"z\"'}]}}}");
        assertThat(texts(compiled, "{spec: {a: long, b: y, c: x}}", "{spec: {a: long, b: x, c: x}}"))
                .isEmpty();
        assertThat(texts(compiled, "{spec: {a: longer, b: y, c: z}}", "{spec: {a: long, b: x, c: x}}"))
                .contains("spec.a: Too long: may not be more than 1 bytes");
    }

    @Test
    void metadataIsCheckedWhateverTheSchemaSaysOfIt() throws InvalidSchemaException {
        var compiled = compile("{type: object}");
        assertThat(texts(compiled, "{metadata: {labels: {a: 1}}}", null))
                .containsExactly(
                        "metadata.labels.a: Invalid value: \"integer\": metadata.labels.a in body must be of type"
                                + " string: \"integer\"");
    }

    @Test
    void stopsAtAHundredErrors() throws InvalidSchemaException {
        var compiled = schema("{type: array, items: {type: integer}}");
        var values = String.join(",", Collections.nCopies(1_000, "a"));
        assertThat(texts(compiled, "{spec: [" + values + "]}", null)).hasSize(100);
    }

    @Test
    void stopsRulesThatWouldComputeForever() throws InvalidSchemaException {
        var compiled = schema("{type: array, items: {type: integer}, x-kubernetes-validations: ["
                + "{rule: 'self.all(a, self.all(b, self.all(c, a + b + c >= 0)))', message: m}]}");
        var values = String.join(",", Collections.nCopies(1_000, "1"));
        assertThat(texts(compiled, "{spec: [" + values + "]}", null))
                .containsExactly(
                        "spec: Invalid value: \"array\": call cost exceeds limit evaluating rule: m",
                        "<nil>: Invalid value: \"\": validation failed due to running out of cost budget, no further"
                                + " validation rules will be run");
    }

    private static List<String> texts(CompiledSchema schema, String now, String old) {
        return schema.validate(yaml(now), old == null ? null : yaml(old)).stream()
                .map(FieldError::text)
                .toList();
    }

    private static CompiledSchema schema(String spec) throws InvalidSchemaException {
        return compile("{type: object, properties: {spec: " + spec + "}}");
    }

    private static CompiledSchema compile(String schema) throws InvalidSchemaException {
        return CompiledSchema.compile(yaml(schema));
    }

    private static ObjectNode yaml(String text) {
        return (ObjectNode) YAMLMapper.shared().readTree(text);
    }
}
