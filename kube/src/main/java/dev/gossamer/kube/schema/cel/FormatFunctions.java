package dev.gossamer.kube.schema.cel;

import com.google.re2j.Pattern;
import dev.cel.bundle.CelBuilder;
import dev.cel.common.types.ListType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Named forms of texts: {@code !format.dns1123Label().validate(self.name).hasValue()}. Stateless. */
final class FormatFunctions {
    private static final OpaqueType FORMAT = OpaqueType.create("kubernetes.NamedFormat");

    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

    private FormatFunctions() {}

    /** A form: a pattern for the whole text, how long it may be, and what to say otherwise. Immutable. */
    record Format(String name, Pattern pattern, int most, String complaint) {
        Optional<List<String>> validate(String text) {
            if (text.length() > most) {
                return Optional.of(List.of("must be no more than " + most + " characters"));
            }
            return pattern.matches(text) ? Optional.empty() : Optional.of(List.of(complaint));
        }
    }

    private static final Map<String, Format> ALL = all();

    private static Map<String, Format> all() {
        var formats = new LinkedHashMap<String, Format>();
        String label = "must consist of lower case alphanumeric characters or '-', and must start and end with an"
                + " alphanumeric character";
        String subdomain = LABEL + "(\\." + LABEL + ")*";
        put(formats, "dns1123Label", LABEL, 63, "a lowercase RFC 1123 label " + label);
        put(formats, "dns1123LabelPrefix", LABEL.replace("[a-z0-9])?", "[-a-z0-9])?"), 63, "a label prefix " + label);
        put(formats, "dns1123Subdomain", subdomain, 253, "a lowercase RFC 1123 subdomain " + label);
        put(formats, "dns1123SubdomainPrefix", subdomain + "[-.]?", 253, "a subdomain prefix " + label);
        put(formats, "dns1035Label", "[a-z]([-a-z0-9]*[a-z0-9])?", 63, "a DNS-1035 label must start with a letter");
        put(formats, "dns1035LabelPrefix", "[a-z]([-a-z0-9]*)?", 63, "a DNS-1035 label must start with a letter");
        put(formats, "qualifiedName", "(" + subdomain + "/)?" + QUALIFIED, 317, "must be a qualified name");
        put(
                formats,
                "labelValue",
                "(" + QUALIFIED + ")?",
                63,
                "a valid label must be an empty string or consist of" + " alphanumeric characters, '-', '_' or '.'");
        put(formats, "uri", "(?:[a-zA-Z][a-zA-Z0-9+.-]*:|/)\\S*", 10_000, "must be a valid URI");
        put(
                formats,
                "uuid",
                "(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}",
                36,
                "does not match" + " the UUID format");
        put(formats, "byte", "([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", 1_000_000, "invalid base64");
        put(formats, "date", "[0-9]{4}-[0-9]{2}-[0-9]{2}", 10, "invalid date");
        put(
                formats,
                "datetime",
                "[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})",
                40,
                "invalid datetime");
        return formats;
    }

    private static void put(Map<String, Format> formats, String name, String pattern, int most, String complaint) {
        formats.put(name, new Format(name, Pattern.compile(pattern), most, complaint));
    }

    static void addTo(CelBuilder builder) {
        var declared = new Declared(builder)
                .global(
                        "format.named",
                        OptionalType.create(FORMAT),
                        SimpleType.STRING,
                        String.class,
                        name -> Optional.ofNullable(ALL.get(name)))
                .member(
                        "validate",
                        OptionalType.create(ListType.create(SimpleType.STRING)),
                        FORMAT,
                        Format.class,
                        SimpleType.STRING,
                        String.class,
                        Format::validate);
        for (String name : ALL.keySet()) {
            declared.global("format." + name, FORMAT, _ -> Objects.requireNonNull(ALL.get(name)));
        }
    }
}
