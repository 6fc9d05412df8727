package dev.gossamer.lab.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VariableExpansionTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "$(A)|one",
                "x$(A)y$(B)z|xoneytwoz",
                "$$(A)|$(A)",
                "$$$(A)|$one",
                "$(UNKNOWN)|$(UNKNOWN)",
                "$A|$A",
                "$(A|$(A",
                "$()|$()",
                "100$|100$",
                "$(A)$(A)|oneone",
            })
    void expandsAsAKubeletDoes(String text, String expected) {
        assertThat(VariableExpansion.expand(text, Map.of("A", "one", "B", "two")))
                .isEqualTo(expected);
    }
}
