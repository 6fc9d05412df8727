package dev.gossamer.kube.schema;

import dev.gossamer.kube.schema.cel.Expression;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The schema of one kind in one version, ready for use.
 *
 * <p>The order is that of a server: {@link #prune}, {@link #applyDefaults}, {@link #validate}. Thread-safe: rules are
 * compiled when they are first needed, and kept.
 */
public final class CompiledSchema {
    private final SchemaNode root;

    private final Consumer<ObjectNode> completion;
    private final MergeNode merging;

    private CompiledSchema(SchemaNode root, Consumer<ObjectNode> completion) {
        this.root = root;
        this.completion = completion;
        this.merging = root.withProperty("metadata", ObjectMetaSchema.NODE);
    }

    /**
     * Reads an {@code openAPIV3Schema} of a custom resource definition.
     *
     * @throws InvalidSchemaException if it is not structural, or is too large to be evaluated safely
     */
    public static CompiledSchema compile(ObjectNode openApiV3Schema) throws InvalidSchemaException {
        return new CompiledSchema(SchemaReader.read(openApiV3Schema), _ -> {});
    }

    /**
     * Loads what the first rule would load when it is judged, which takes half a second. For a server to call off its
     * start's critical path, so that its first user need not wait; not needed otherwise.
     */
    public static void warmUp() {
        Expression.warmUp();
    }

    /** The same with a further step at the end of {@link #applyDefaults}, for defaults that depend on other fields. */
    public CompiledSchema completedBy(Consumer<ObjectNode> furtherDefaults) {
        return new CompiledSchema(root, completion.andThen(furtherDefaults));
    }

    /**
     * Compiles all rules, and says what is wrong with those that cannot be. Takes seconds for a definition with hundreds of
     * rules, so it is for definitions that a user brings, not for those that are known to be right.
     */
    public List<FieldError> checkRules() {
        var check = new RuleCheck();
        check.node(root, FieldPath.ROOT);
        return check.problems().toList();
    }

    /** Fills in the schema's defaults, in place, and drops nulls where null is not allowed. */
    public void applyDefaults(ObjectNode object) {
        Defaulting.apply(root, object);
        completion.accept(object);
    }

    /** Removes, in place, what the schema does not know. Returns the paths of what was removed, in the object's order. */
    public List<String> prune(ObjectNode object) {
        return Pruning.prune(root, object);
    }

    /**
     * Judges an object. With an {@code old} one, rules on transitions run, and what was wrong before and has not changed
     * is let pass.
     */
    public List<FieldError> validate(ObjectNode now, @Nullable ObjectNode old) {
        var findings = new Findings();
        new ValueValidator(findings).root(root, now, old);
        if (root.hasRules()) {
            if (findings.toList().stream().anyMatch(RuleValidator::isBlocking)) {
                findings.addWithoutField(
                        "Invalid value: null: some validation rules were not checked because the object was invalid;"
                                + " correct the existing errors to complete validation");
            } else {
                new RuleValidator(findings).root(root, now, old);
            }
        }
        return findings.toList();
    }

    /** How objects of this kind are merged, from the root; {@code metadata} is the same for every kind. */
    public MergeNode merging() {
        return merging;
    }
}
