package dev.gossamer.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class AddressRangeTest {
    @Property(tries = 500, seed = "42")
    void agreesWithArithmeticOnWholeAddresses(
            @ForAll @Size(4) byte[] base, @ForAll @Size(4) byte[] other, @ForAll @IntRange(min = 0, max = 32) int bits)
            throws UnknownHostException {
        var range = new AddressRange(InetAddress.getByAddress(base), bits);
        boolean expected =
                new BigInteger(1, base).shiftRight(32 - bits).equals(new BigInteger(1, other).shiftRight(32 - bits));

        assertThat(range.contains(InetAddress.getByAddress(other))).isEqualTo(expected);
    }

    @Test
    void neverHoldsAnAddressOfTheOtherFamily() {
        assertThat(new AddressRange(InetAddress.ofLiteral("0.0.0.0"), 0).contains(InetAddress.ofLiteral("::1")))
                .isFalse();
    }

    @Test
    void refusesAPrefixThatIsTooLong() {
        assertThatThrownBy(() -> new AddressRange(InetAddress.ofLiteral("10.0.0.0"), 33))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("33");
    }
}
