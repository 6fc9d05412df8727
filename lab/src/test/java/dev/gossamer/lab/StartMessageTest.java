package dev.gossamer.lab;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class StartMessageTest {
    @Property(tries = 200, seed = "1")
    void aReasonComesThroughInOneLine(@ForAll String reason) {
        var message = new StartMessage.Failed(reason.replace("\r", ""));
        assertThat(message.line()).doesNotContain("\n");
        assertThat(StartMessage.parse(message.line())).isEqualTo(message);
    }

    @Test
    void stepsAndReadinessComeThrough() {
        assertThat(StartMessage.parse(new StartMessage.Step("Starting x").line()))
                .isEqualTo(new StartMessage.Step("Starting x"));
        assertThat(StartMessage.parse(new StartMessage.Ready().line())).isEqualTo(new StartMessage.Ready());
    }
}
