package dev.gossamer.kube.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronScheduleTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            * * * * *          | 2026-03-10T10:15:30Z | 2026-03-10T10:16:00Z
            */15 * * * *       | 2026-03-10T10:15:00Z | 2026-03-10T10:30:00Z
            5,10-12 * * * *    | 2026-03-10T10:10:00Z | 2026-03-10T10:11:00Z
            0 3 * * *          | 2026-03-10T10:15:00Z | 2026-03-11T03:00:00Z
            30 23 31 * *       | 2026-04-01T00:00:00Z | 2026-05-31T23:30:00Z
            0 0 29 feb *       | 2026-03-01T00:00:00Z | 2028-02-29T00:00:00Z
            0 12 * * mon-fri   | 2026-03-13T12:00:00Z | 2026-03-16T12:00:00Z
            0 12 * * 7         | 2026-03-10T00:00:00Z | 2026-03-15T12:00:00Z
            0 0 1 * sun        | 2026-03-02T00:00:00Z | 2026-03-08T00:00:00Z
            50/5 * * * *       | 2026-03-10T10:15:00Z | 2026-03-10T10:50:00Z
            @hourly            | 2026-03-10T10:15:00Z | 2026-03-10T11:00:00Z
            """)
    void findsTheNextTime(String schedule, String start, String next) {
        assertThat(CronSchedule.parse(schedule).after(ZonedDateTime.parse(start)))
                .isEqualTo(ZonedDateTime.parse(next));
    }

    @Test
    void findsNoTimeForADayThatNeverComes() {
        assertThat(CronSchedule.parse("0 0 30 2 *").after(ZonedDateTime.parse("2026-01-01T00:00:00Z")))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({"'* * * *'", "'60 * * * *'", "'* 24 * * *'", "'*/0 * * * *'", "'5-1 * * * *'", "'x * * * *'"})
    void refusesWhatIsNoSchedule(String schedule) {
        assertThatThrownBy(() -> CronSchedule.parse(schedule)).isInstanceOf(IllegalArgumentException.class);
    }
}
