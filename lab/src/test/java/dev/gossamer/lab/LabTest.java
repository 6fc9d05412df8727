package dev.gossamer.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be said without starting a lab. */
final class LabTest {
    @TempDir
    Path state;

    private Lab lab() throws LabException {
        return Lab.of(Map.of("GOSSAMER_HOME", "/opt/gossamer", "XDG_STATE_HOME", state.toString(), "PATH", "/usr/bin"));
    }

    @Test
    void saysHowToStartWhenThereIsNone() throws Exception {
        assertThat(lab().list()).isEmpty();
        assertThatThrownBy(() -> lab().status("gossamer"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("gossamer lab up");
    }

    @Test
    void namesTheLabsThatThereAre() throws Exception {
        Files.createDirectories(state.resolve("gossamer/labs/other"));
        assertThatThrownBy(() -> lab().env("mine")).hasMessage("there is no lab 'mine'; there are: other");
    }

    @Test
    void takesAwayWhatADeadLabHasLeft() throws Exception {
        Files.createDirectories(state.resolve("gossamer/labs/dead/pods"));
        Files.writeString(state.resolve("gossamer/labs/dead/port"), "6443\n");
        assertThat(lab().status("dead").state()).isEqualTo(LabStatus.State.DEAD);
        assertThat(lab().down("dead")).isTrue();
        assertThat(lab().down("dead")).isFalse();
        assertThat(state.resolve("gossamer/labs/dead")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Upper", "a b", "../x", "-a", "a-", "x123456789012345678901234567890123456789012"})
    void refusesNamesThatCannotBeFiles(String name) {
        assertThatThrownBy(() -> lab().down(name))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("lower-case");
    }

    @Test
    void readsTheImageMapBeforeStartingAnything() throws Exception {
        var images = Files.writeString(state.resolve("images.yaml"), "app: {}");
        var options = new LabOptions("gossamer", images, null, true, 2, null, "ambient");
        assertThatThrownBy(() -> lab().up(options, new ArrayList<String>()::add))
                .hasMessageContaining("command is missing");
    }

    @Test
    void saysThatStateCannotLieBelowRun() throws Exception {
        var lab = Lab.of(Map.of("GOSSAMER_HOME", "/opt/gossamer", "XDG_STATE_HOME", "/run/user/1000"));
        assertThatThrownBy(lab::list).hasMessageContaining("XDG_STATE_HOME");
    }

    @Test
    void wantsToBeCalledByItsLauncher() {
        assertThatThrownBy(() -> Lab.of(Map.of())).hasMessageContaining("./gossamer");
    }
}
