package dev.gossamer.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.core.workload.Service.IpFamilies;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AddressChoiceTest {
    @ParameterizedTest
    @CsvSource({
        // addresses, allowed families, original, expected
        "10.0.0.1 fd00::1, AUTOMATIC, 10.96.0.1, 10.0.0.1",
        "10.0.0.1 fd00::1, AUTOMATIC, fd96::1,   fd00::1",
        "10.0.0.1 fd00::1, DUAL,      fd00::1,   fd00::1",
        "10.0.0.1 10.0.0.2, DUAL,     10.0.0.2,  10.0.0.2",
        "10.0.0.1 fd00::1, IPV4_ONLY, fd96::1,   10.0.0.1",
        "10.0.0.1 fd00::1, IPV6_ONLY, 10.96.0.1, fd00::1",
        "fd00::1,          AUTOMATIC, 10.96.0.1, fd00::1",
        "fd00::1,          IPV4_ONLY, 10.96.0.1,",
        "fd00::1,          IPV4_ONLY, fd00::1,   fd00::1",
    })
    void prefersTheAddressThenTheFamilyAskedFor(
            String addresses, IpFamilies allowed, String original, String expected) {
        var choices = new ArrayList<InetAddress>();
        for (var address : addresses.split(" ")) {
            choices.add(InetAddress.ofLiteral(address));
        }

        assertThat(AddressChoice.choose(choices, allowed, InetAddress.ofLiteral(original)))
                .isEqualTo(expected == null ? null : InetAddress.ofLiteral(expected));
    }

    @Test
    void choosesByWeight() {
        var random = new Random(7);
        int heavy = 0;
        for (int i = 0; i < 1000; i++) {
            heavy += "b".equals(WeightedChoice.choose(List.of("a", "b", "none"), AddressChoiceTest::weight, random))
                    ? 1
                    : 0;
        }

        assertThat(heavy).isBetween(850, 950);
        assertThat(WeightedChoice.choose(List.of("none"), AddressChoiceTest::weight, random))
                .isNull();
    }

    private static long weight(String name) {
        return switch (name) {
            case "a" -> 1;
            case "b" -> 9;
            default -> 0;
        };
    }
}
