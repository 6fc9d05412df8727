package dev.gossamer.lab.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import org.junit.jupiter.api.Test;

final class PodAddressesTest {
    private final PodAddresses addresses = new PodAddresses(3);

    @Test
    void givesEveryAddressOnce() throws Exception {
        var taken = new HashSet<String>();
        for (int i = 2; i <= 254; i++) {
            taken.add(addresses.take());
        }
        assertThat(taken).hasSize(253).contains("10.20.3.2", "10.20.3.254").doesNotContain("10.20.3.1");
    }

    @Test
    void saysWhatToDoWhenNoneIsLeft() throws Exception {
        for (int i = 2; i <= 254; i++) {
            addresses.take();
        }
        assertThatThrownBy(addresses::take)
                .isInstanceOf(AddressesExhaustedException.class)
                .hasMessageContaining("10.20.3.0/24")
                .hasMessageContaining("--nodes");
    }

    @Test
    void letsAnAddressRestBeforeGivingItAgain() throws Exception {
        var first = addresses.take();
        addresses.release(first);
        assertThat(addresses.take()).isNotEqualTo(first);
    }

    @Test
    void givesAReleasedAddressWhenAllOthersAreInUse() throws Exception {
        for (int i = 2; i <= 254; i++) {
            addresses.take();
        }
        addresses.release("10.20.3.77");
        assertThat(addresses.take()).isEqualTo("10.20.3.77");
    }
}
