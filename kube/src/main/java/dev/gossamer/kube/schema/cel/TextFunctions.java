package dev.gossamer.kube.schema.cel;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.bundle.CelBuilder;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import java.util.ArrayList;
import java.util.List;

/** Searching texts by regular expressions. Stateless. */
final class TextFunctions {
    private static final int MAX_PATTERN = 5_000;

    private TextFunctions() {}

    static void addTo(CelBuilder builder) {
        var texts = ListType.create(SimpleType.STRING);
        new Declared(builder)
                .member(
                        "find",
                        SimpleType.STRING,
                        SimpleType.STRING,
                        String.class,
                        SimpleType.STRING,
                        String.class,
                        TextFunctions::find)
                .member(
                        "findAll",
                        texts,
                        SimpleType.STRING,
                        String.class,
                        SimpleType.STRING,
                        String.class,
                        (text, pattern) -> findAll(text, pattern, Long.MAX_VALUE))
                .member(
                        "findAll",
                        texts,
                        List.of(SimpleType.STRING, SimpleType.STRING, SimpleType.INT),
                        List.of(String.class, String.class, Long.class),
                        arguments -> {
                            long limit = (Long) arguments[2];
                            return findAll(
                                    (String) arguments[0], (String) arguments[1], limit < 0 ? Long.MAX_VALUE : limit);
                        });
    }

    private static String find(String text, String pattern) throws CelEvaluationException {
        var matcher = matcher(text, pattern);
        return matcher.find() ? matcher.group() : "";
    }

    private static List<String> findAll(String text, String pattern, long limit) throws CelEvaluationException {
        var matcher = matcher(text, pattern);
        var found = new ArrayList<String>();
        while (found.size() < limit && matcher.find()) {
            found.add(matcher.group());
        }
        return found;
    }

    private static Matcher matcher(String text, String pattern) throws CelEvaluationException {
        if (pattern.length() > MAX_PATTERN) {
            throw ListFunctions.failure("Illegal regex: longer than " + MAX_PATTERN + " characters");
        }
        try {
            return Pattern.compile(pattern).matcher(text);
        } catch (PatternSyntaxException e) {
            throw ListFunctions.failure("Illegal regex: " + e.getMessage());
        }
    }
}
