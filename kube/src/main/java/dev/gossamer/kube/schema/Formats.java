package dev.gossamer.kube.schema;

import com.google.re2j.Pattern;
import dev.gossamer.kube.schema.cel.IpText;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Base64;

/** The named formats that a schema may ask of a string or number. An unknown name asks for nothing. Stateless. */
final class Formats {
    private static final BigDecimal INT32_LEAST = BigDecimal.valueOf(Integer.MIN_VALUE);
    private static final BigDecimal INT32_MOST = BigDecimal.valueOf(Integer.MAX_VALUE);
    private static final BigDecimal INT64_LEAST = BigDecimal.valueOf(Long.MIN_VALUE);
    private static final BigDecimal INT64_MOST = BigDecimal.valueOf(Long.MAX_VALUE);

    private static final Pattern HOSTNAME = Pattern.compile(
            "^([a-zA-Z0-9\\p{S}\\p{L}]((-?[a-zA-Z0-9\\p{S}\\p{L}]{0,62})?)|([a-zA-Z0-9\\p{S}\\p{L}](([a-zA-Z0-9-\\p{S}\\p{L}]{0,61}[a-zA-Z0-9\\p{S}\\p{L}])?)(\\.)){1,}([a-zA-Z\\p{L}]){2,63})$");
    private static final Pattern EMAIL = Pattern.compile("^[^@\\s<>]+@[^@\\s<>]+$");
    private static final Pattern MAC =
            Pattern.compile("^([0-9A-Fa-f]{2}[:-]){5}([0-9A-Fa-f]{2})$|^([0-9A-Fa-f]{4}\\.){2}[0-9A-Fa-f]{4}$");
    private static final Pattern UUID =
            Pattern.compile("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$");
    private static final Pattern HEX_COLOR = Pattern.compile("^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$");
    private static final Pattern OBJECT_ID = Pattern.compile("^[0-9a-fA-F]{24}$");
    private static final Pattern DURATION = Pattern.compile(
            "^-?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)\\s*(ns|us|µs|μs|ms|s|m|h|d|w)(([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h|d|w))*$|^0$");
    private static final Pattern SHORT_NAME = Pattern.compile("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$");
    private static final Pattern LONG_NAME =
            Pattern.compile("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$");

    private Formats() {}

    static boolean holds(String format, String text) {
        return switch (format) {
            case "date-time", "datetime" -> isDateTime(text);
            case "date" -> isDate(text);
            case "byte" -> isBase64(text);
            case "uri" -> isUri(text);
            case "ipv4" -> IpText.isV4(text);
            case "ipv6" -> IpText.isV6(text);
            case "cidr" -> IpText.isPrefix(text);
            case "hostname" -> text.length() <= 255 && HOSTNAME.matches(text);
            case "email" -> EMAIL.matches(text);
            case "mac" -> MAC.matches(text);
            case "uuid", "uuid3", "uuid4", "uuid5" -> UUID.matches(text);
            case "hexcolor" -> HEX_COLOR.matches(text);
            case "bsonobjectid" -> OBJECT_ID.matches(text);
            case "duration" -> DURATION.matcher(text).find();
            case "k8s-short-name" -> SHORT_NAME.matches(text);
            case "k8s-long-name" -> text.length() <= 253 && LONG_NAME.matches(text);
            default -> true;
        };
    }

    static boolean fits(String format, BigDecimal value) {
        return switch (format) {
            case "int32" -> value.compareTo(INT32_LEAST) >= 0 && value.compareTo(INT32_MOST) <= 0;
            case "int64" -> value.compareTo(INT64_LEAST) >= 0 && value.compareTo(INT64_MOST) <= 0;
            default -> true;
        };
    }

    private static boolean isDateTime(String text) {
        try {
            OffsetDateTime.parse(text.replace(' ', 'T'));
            return true;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static boolean isDate(String text) {
        try {
            LocalDate.parse(text);
            return true;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static boolean isBase64(String text) {
        try {
            Base64.getDecoder().decode(text.replace("\n", "").replace("\r", ""));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isUri(String text) {
        try {
            // A request URI: absolute, or a path from the root.
            return text.startsWith("/") || new URI(text).isAbsolute();
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
