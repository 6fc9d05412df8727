package dev.gossamer.kube.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

class HostileSchemaTest {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** A schema for {@code spec}, and the first thing that is wrong with it. */
    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "not-structural.psv", delimiter = '|', numLinesToSkip = 1, quoteCharacter = '\u0001')
    void refusesWhatIsNotStructural(String schema, String problem) {
        var json = yaml("{type: object, properties: {spec: " + schema + "}}");
        assertThatThrownBy(() -> CompiledSchema.compile(json))
                .isInstanceOfSatisfying(
                        InvalidSchemaException.class,
                        e -> assertThat(e.problems().getFirst().text()).isEqualTo("properties[spec]" + problem));
    }

    @Test
    void refusesSchemasThatAreNestedTooDeep() {
        var root = object();
        var at = root;
        for (int i = 0; i < 300; i++) {
            var next = object();
            at.putObject("properties").set("a", next);
            at = next;
        }
        assertThatThrownBy(() -> CompiledSchema.compile(root))
                .isInstanceOf(InvalidSchemaException.class)
                .hasMessageContaining("a schema may be nested 100 deep");
    }

    @Test
    void refusesSchemasWithTooManyNodes() {
        var root = object();
        var properties = root.putObject("properties");
        for (int i = 0; i < 70_000; i++) {
            properties.putObject("p" + i).put("type", "string");
        }
        assertThatThrownBy(() -> CompiledSchema.compile(root)).isInstanceOf(InvalidSchemaException.class);
    }

    @Test
    void refusesHugeEnums() {
        var root = object();
        var values = root.putObject("properties")
                .putObject("a")
                .put("type", "string")
                .putArray("enum");
        for (int i = 0; i < 20_000; i++) {
            values.add("v" + i);
        }
        assertThatThrownBy(() -> CompiledSchema.compile(root))
                .hasMessage("properties[a].enum: Too many: 20000: must have at most 10000 items");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "((a{100}){100}){100}",
                "(?:x{1000}){1000}",
                "(((((((((a{9}){9}){9}){9}){9}){9}){9}){9}){9})",
                "[a{500}{500}",
                "(a",
                "a**",
                "\\1"
            })
    void refusesPatternsThatCannotBeRun(String pattern) {
        var root = object();
        root.putObject("properties").putObject("a").put("type", "string").put("pattern", pattern);
        assertThatThrownBy(() -> CompiledSchema.compile(root))
                .isInstanceOf(InvalidSchemaException.class)
                .hasMessageStartingWith("properties[a].pattern: Invalid value: ");
    }

    @Test
    void refusesPatternsNestedWithoutEnd() {
        var root = object();
        root.putObject("properties")
                .putObject("a")
                .put("type", "string")
                .put("pattern", "(".repeat(5_000) + ")".repeat(5_000));
        assertThatThrownBy(() -> CompiledSchema.compile(root)).isInstanceOf(InvalidSchemaException.class);
    }

    /** Backtracking would take longer than the universe on this text. */
    @Test
    void matchesInTimeLinearInTheText() throws InvalidSchemaException {
        var root = object();
        root.putObject("properties").putObject("a").put("type", "string").put("pattern", "^(a+)+$");
        var value = JSON.objectNode().put("a", "a".repeat(20_000) + "b");
        assertThat(CompiledSchema.compile(root).validate(value, null)).hasSize(1);
    }

    /** A thousand branches below a thousand branches are looked at once for each place, not once for each combination. */
    @Test
    void combinatorsDoNotMultiply() throws InvalidSchemaException {
        var root = object();
        ObjectNode at = root;
        for (int depth = 0; depth < 40; depth++) {
            var branches = at.putArray("anyOf");
            var last = JSON.objectNode();
            last.putArray("required").add("b" + depth);
            branches.add(JSON.objectNode().set("required", JSON.arrayNode().add("a" + depth)));
            branches.add(last);
            at = last;
        }
        assertThat(CompiledSchema.compile(root).validate(JSON.objectNode(), null))
                .isNotEmpty();
    }

    @Test
    void numbersWithoutMeasureAreJudgedToo() throws InvalidSchemaException {
        var schema = CompiledSchema.compile(
                yaml("{type: object, properties: {a: {type: number, minimum: 0, maximum: 10, multipleOf: 3},"
                        + " b: {type: integer, format: int64, enum: [1]}}}"));
        var object = JSON.objectNode();
        object.put("a", new BigDecimal("1e999999999"));
        object.put("b", new BigDecimal("-1e999999999"));
        assertThat(schema.validate(object, null)).isNotEmpty();
        object.put("a", Double.NaN);
        assertThat(schema.validate(object, null)).isNotEmpty();
    }

    @Test
    void objectsNestedDeeperThanTheirSchemaAreCutOff() throws InvalidSchemaException {
        var schema = CompiledSchema.compile(yaml("{type: object, properties: {a: {type: object}}}"));
        var root = JSON.objectNode();
        var at = root;
        for (int i = 0; i < 900; i++) {
            at = at.putObject("a");
        }
        assertThat(schema.prune(root)).containsExactly("a.a");
        assertThat(schema.validate(root, null)).isEmpty();
    }

    private static ObjectNode object() {
        return JSON.objectNode().put("type", "object");
    }

    private static ObjectNode yaml(String text) {
        return (ObjectNode) YAMLMapper.shared().readTree(text);
    }
}
