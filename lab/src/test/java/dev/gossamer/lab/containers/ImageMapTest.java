package dev.gossamer.lab.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageMapTest {
    @TempDir
    Path directory;

    private final ImageMap builtIn = ImageMap.builtIn(Path.of("/opt/gossamer"), Map.of("A", "b"));

    private ImageMap with(String yaml) throws Exception {
        return builtIn.with(Files.writeString(directory.resolve("images.yaml"), yaml));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gossamer/ztunnel",
                "gossamer/ztunnel:0.1",
                "docker.io/gossamer/ztunnel:latest",
                "gossamer/ztunnel@sha256:0123"
            })
    void knowsThisDistributionsProgramsByAnyTag(String image) {
        assertThat(builtIn.find(image))
                .isEqualTo(new Program(List.of("/opt/gossamer/gossamer", "ztunnel"), List.of(), Map.of("A", "b"), "/"));
    }

    @Test
    void readsAFile() throws Exception {
        var images = with("""
                nginx: {command: [/usr/sbin/nginx], args: [-g, "daemon off;"], env: {PORT: 80}}
                registry.local:5000/team/app:1.2: {command: /usr/bin/app, workingDir: /srv}
                """);
        assertThat(images.find("docker.io/library/nginx:1.27"))
                .isEqualTo(new Program(
                        List.of("/usr/sbin/nginx"), List.of("-g", "daemon off;"), Map.of("PORT", "80"), null));
        assertThat(images.find("registry.local:5000/team/app:1.2"))
                .isEqualTo(new Program(List.of("/usr/bin/app"), List.of(), Map.of(), "/srv"));
        assertThat(images.find("registry.local:5000/team/app:1.3")).isNull();
    }

    @Test
    void prefersTheEntryWithTheTag() throws Exception {
        var images = with("""
                app: {command: [/any]}
                app:2: {command: [/two]}
                """);
        assertThat(images.find("app:2").command()).containsExactly("/two");
        assertThat(images.find("app:3").command()).containsExactly("/any");
    }

    @Test
    void saysHowToMapAnImage() {
        assertThat(ImageMap.howToMap("docker.io/library/nginx:1.27"))
                .contains("--images FILE")
                .contains("'nginx: {command: [/path/to/program]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[a, b]|must be a map from image names",
                "app: /bin/app|must have a command",
                "app: {args: [x]}|command is missing",
                "app: {command: [x], entrypoint: y}|unknown key 'entrypoint'",
                "app: {command: {a: b}}|must be a list of texts",
                "app: {command: [x], env: [y]}|env must be a map",
                "app: {command: [x], workingDir: y}|workingDir must be an absolute path",
                "app: {command: [x|is not YAML",
            })
    void refusesWhatCannotBeMeant(String yaml, String complaint) {
        assertThatThrownBy(() -> with(yaml))
                .isInstanceOf(InvalidImageMapException.class)
                .hasMessageContaining("images.yaml")
                .hasMessageContaining(complaint);
    }

    @Test
    void saysWhichFileCannotBeRead() {
        assertThatThrownBy(() -> builtIn.with(directory.resolve("none.yaml")))
                .isInstanceOf(InvalidImageMapException.class)
                .hasMessageContaining("none.yaml");
    }
}
