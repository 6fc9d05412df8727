package dev.gossamer.kube.schema.cel;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelBuilder;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelOptions;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;

/** The language as rules of custom resources may use it. Thread-safe: made once, when the first rule is compiled. */
final class Environment {
    private static final CelOptions OPTIONS = CelOptions.current()
            .enableOptionalSyntax(true)
            .enableHeterogeneousNumericComparisons(true)
            .comprehensionMaxIterations(1_000_000)
            .maxRegexProgramSize(20_000)
            .maxExpressionCodePointSize(20_000)
            .maxParseRecursionDepth(100)
            .build();

    private Environment() {}

    /** Rules that see {@code oldSelf} as an optional are of another type than those that see it as it is. */
    static Cel get(boolean optionalOldSelf) {
        return optionalOldSelf ? OptionalHolder.CEL : Holder.CEL;
    }

    private static final class Holder {
        static final Cel CEL = build(SimpleType.DYN);
    }

    private static final class OptionalHolder {
        static final Cel CEL = build(OptionalType.create(SimpleType.DYN));
    }

    private static Cel build(CelType oldSelf) {
        CelBuilder builder = CelFactory.standardCelBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addCompilerLibraries(
                        CelExtensions.optional(),
                        CelExtensions.strings(),
                        CelExtensions.sets(OPTIONS),
                        CelExtensions.comprehensions(),
                        CelExtensions.bindings())
                .addRuntimeLibraries(
                        CelExtensions.optional(),
                        CelExtensions.strings(),
                        CelExtensions.sets(OPTIONS),
                        CelExtensions.comprehensions())
                .addVar("self", SimpleType.DYN)
                .addVar("oldSelf", oldSelf);
        Formatting.addTo(builder);
        ListFunctions.addTo(builder);
        TextFunctions.addTo(builder);
        UrlFunctions.addTo(builder);
        QuantityFunctions.addTo(builder);
        IpFunctions.addTo(builder);
        CidrFunctions.addTo(builder);
        FormatFunctions.addTo(builder);
        return builder.build();
    }
}
