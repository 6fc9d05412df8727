package dev.gossamer.kube.controller;

import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When a CronJob runs: minute, hour, day of month, month, day of week.
 *
 * <p>If both day fields are restricted, a day that satisfies either counts, as in every cron. Immutable.
 */
final class CronSchedule {
    private static final Map<String, String> MACROS = Map.of(
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *",
            "@monthly", "0 0 1 * *",
            "@weekly", "0 0 * * 0",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@hourly", "0 * * * *");
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

    /** The rarest date there is, 29 February, comes within this many years. */
    private static final int HORIZON_YEARS = 8;

    private final BitSet minutes;
    private final BitSet hours;
    private final BitSet daysOfMonth;
    private final BitSet months;
    private final BitSet daysOfWeek;
    private final boolean anyDayOfMonth;
    private final boolean anyDayOfWeek;

    private CronSchedule(String[] fields) {
        minutes = parse(fields[0], 0, 59, List.of());
        hours = parse(fields[1], 0, 23, List.of());
        daysOfMonth = parse(fields[2], 1, 31, List.of());
        months = parse(fields[3], 1, 12, MONTHS);
        daysOfWeek = parse(fields[4], 0, 7, DAYS);
        if (daysOfWeek.get(7)) {
            daysOfWeek.set(0);
        }
        anyDayOfMonth = fields[2].startsWith("*") || fields[2].startsWith("?");
        anyDayOfWeek = fields[4].startsWith("*") || fields[4].startsWith("?");
    }

    /**
     * Reads a schedule.
     *
     * @throws IllegalArgumentException if the text is none: the user's to mend
     */
    static CronSchedule parse(String text) {
        var expanded = MACROS.getOrDefault(text.strip().toLowerCase(Locale.ROOT), text.strip());
        var fields = expanded.split("\\s+");
        if (fields.length != 5) {
            throw new IllegalArgumentException(
                    "schedule '" + text + "' needs five fields: minute, hour, day of month, month, day of week");
        }
        return new CronSchedule(fields);
    }

    /** The first time after {@code start}; null if that never comes (30 February). */
    @Nullable
    ZonedDateTime after(ZonedDateTime start) {
        var time = start.truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
        var end = start.plusYears(HORIZON_YEARS);
        while (time.isBefore(end)) {
            if (!months.get(time.getMonthValue())) {
                time = time.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1).plusMonths(1);
            } else if (!isDay(time)) {
                time = time.truncatedTo(ChronoUnit.DAYS).plusDays(1);
            } else if (!hours.get(time.getHour())) {
                time = time.truncatedTo(ChronoUnit.HOURS).plusHours(1);
            } else if (!minutes.get(time.getMinute())) {
                time = time.plusMinutes(1);
            } else {
                return time;
            }
        }
        return null;
    }

    private boolean isDay(ZonedDateTime time) {
        boolean byMonth = daysOfMonth.get(time.getDayOfMonth());
        boolean byWeek = daysOfWeek.get(time.getDayOfWeek().getValue() % 7);
        return anyDayOfMonth || anyDayOfWeek ? byMonth && byWeek : byMonth || byWeek;
    }

    private static BitSet parse(String field, int min, int max, List<String> names) {
        var set = new BitSet();
        for (var part : field.split(",", -1)) {
            var stepped = part.split("/", -1);
            if (stepped.length > 2) {
                throw new IllegalArgumentException("'" + field + "' has two steps");
            }
            int step = stepped.length == 2 ? number(stepped[1], 1, max, List.of()) : 1;
            int from = min;
            int to = max;
            if (!stepped[0].equals("*") && !stepped[0].equals("?")) {
                var range = stepped[0].split("-", -1);
                from = number(range[0], min, max, names);
                to = range.length > 1 ? number(range[1], min, max, names) : stepped.length == 2 ? max : from;
            }
            if (to < from) {
                throw new IllegalArgumentException("'" + field + "' counts backwards");
            }
            for (int value = from; value <= to; value += step) {
                set.set(value);
            }
        }
        return set;
    }

    private static int number(String text, int min, int max, List<String> names) {
        int named = names.indexOf(text.toLowerCase(Locale.ROOT));
        if (named >= 0) {
            return named + min;
        }
        try {
            int value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a number", e);
        }
        throw new IllegalArgumentException("'" + text + "' is not between " + min + " and " + max);
    }
}
