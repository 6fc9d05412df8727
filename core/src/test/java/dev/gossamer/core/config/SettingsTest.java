package dev.gossamer.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SettingsTest {
    @Test
    void takesTheDefaultWhereNothingIsSet() throws InvalidSettingsException {
        var settings = Settings.of(Map.of("EMPTY", ""));

        assertThat(settings.port("PORT", 15008)).isEqualTo(15008);
        assertThat(settings.duration("TTL", Duration.ofHours(24))).isEqualTo(Duration.ofHours(24));
        assertThat(settings.text("EMPTY", "x")).isEqualTo("x");
        assertThat(settings.flag("FLAG", true)).isTrue();
        settings.requireValid();
    }

    @Test
    void readsWhatIsSet() throws InvalidSettingsException {
        var settings = Settings.of(Map.of("PORT", "1", "TTL", "90s", "FLAG", "False", "X_a", "1"));

        assertThat(settings.port("PORT", 2)).isEqualTo(1);
        assertThat(settings.duration("TTL", Duration.ZERO)).isEqualTo(Duration.ofSeconds(90));
        assertThat(settings.flag("FLAG", true)).isFalse();
        assertThat(settings.withPrefix("X_")).containsExactly(Map.entry("a", "1"));
        assertThat(settings.effective()).containsEntry("PORT", "1").containsEntry("TTL", "PT1M30S");
        settings.requireValid();
    }

    @Test
    void reportsEveryMistakeTogether() {
        var settings = Settings.of(Map.of("PORT", "99999", "TTL", "soon", "FLAG", "maybe", "N", "x"));
        settings.port("PORT", 1);
        settings.duration("TTL", Duration.ZERO);
        settings.flag("FLAG", true);
        settings.number("N", 1, 0, 5);
        settings.requiredText("NODE_NAME", "the agent must know its node");

        assertThatThrownBy(settings::requireValid)
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("PORT=99999: must be from 0 to 65535")
                .hasMessageContaining("TTL=soon: must be a number with a unit")
                .hasMessageContaining("FLAG=maybe: must be true or false")
                .hasMessageContaining("N=x: is not a number")
                .hasMessageContaining("NODE_NAME is not set: the agent must know its node");
    }
}
