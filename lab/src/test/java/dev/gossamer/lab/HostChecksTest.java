package dev.gossamer.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostChecksTest {
    @TempDir
    Path directory;

    private void install(String... programs) throws Exception {
        for (var program : programs) {
            Files.createFile(
                    directory.resolve(program),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        }
    }

    @Test
    void namesThePackagesOfWhatIsMissing() throws Exception {
        install("unshare", "nsenter", "setsid", "mount", "bash");
        assertThatThrownBy(() -> new HostChecks(false, directory.toString()).requirePrograms(text -> {}))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("iproute2, nftables")
                .hasMessageContaining("as root");
    }

    @Test
    void asksNothingOfAMachineThatHasEverything() throws Exception {
        install("ip", "nft", "unshare", "nsenter", "setsid", "mount", "bash");
        var said = new ArrayList<String>();
        assertThatCode(() -> new HostChecks(false, directory.toString()).requirePrograms(said::add))
                .doesNotThrowAnyException();
        assertThat(said).isEmpty();
    }

    @Test
    void anOrdinaryUserGetsAUserNamespaceToo() {
        assertThat(new HostChecks(false, "").unshare()).contains("--user", "--map-root-user", "--kill-child");
        assertThat(new HostChecks(true, "").unshare())
                .doesNotContain("--user")
                .contains("--net", "--pid", "--kill-child");
    }
}
