package dev.gossamer.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SpiffeIdTest {
    @Test
    void readsAWorkloadId() throws InvalidIdentityException {
        var id = SpiffeId.parse("spiffe://cluster.local/ns/shop/sa/cart");

        assertThat(id).isEqualTo(new SpiffeId("cluster.local", "shop", "cart"));
        assertThat(id.principal()).isEqualTo("cluster.local/ns/shop/sa/cart");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "spiffe://",
                "spiffe://cluster.local",
                "spiffe://cluster.local/ns/shop/sa",
                "spiffe://cluster.local/ns/shop/sa/",
                "spiffe://cluster.local/ns//sa/cart",
                "spiffe:///ns/shop/sa/cart",
                "spiffe://cluster.local/ns/shop/sa/cart/",
                "spiffe://cluster.local/ns/shop/sa/cart/more",
                "spiffe://cluster.local/sa/shop/ns/cart",
                "spiffe://cluster.local/ns/../sa/cart",
                "spiffe://cluster.local/ns/sh%6fp/sa/cart",
                "spiffe://cluster.local/ns/shop/sa/ca rt",
                "spiffe://cluster.local/ns/shop/sa/cart\u0000",
                "SPIFFE://cluster.local/ns/shop/sa/cart",
                "https://cluster.local/ns/shop/sa/cart",
            })
    void refusesWhatIsNotAWorkloadId(String text) {
        assertThatThrownBy(() -> SpiffeId.parse(text)).isInstanceOf(InvalidIdentityException.class);
    }

    @Test
    void refusesAnOverlongIdAndShowsOnlyItsBeginning() {
        var text = "spiffe://cluster.local/ns/shop/sa/" + "a".repeat(5000);

        assertThatThrownBy(() -> SpiffeId.parse(text))
                .isInstanceOf(InvalidIdentityException.class)
                .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(400));
    }

    @Property(tries = 200, seed = "42")
    void readsBackWhatItWrites(
            @ForAll @AlphaChars @NumericChars @StringLength(min = 1, max = 60) String domain,
            @ForAll @AlphaChars @NumericChars @StringLength(min = 1, max = 60) String namespace,
            @ForAll @AlphaChars @NumericChars @StringLength(min = 1, max = 60) String account)
            throws InvalidIdentityException {
        var id = new SpiffeId(domain, namespace, account);

        assertThat(SpiffeId.parse(id.toString())).isEqualTo(id);
    }

    @Property(tries = 500, seed = "42")
    void readsOrRefusesAnyText(@ForAll String text) {
        try {
            assertThat(SpiffeId.parse("spiffe://" + text).toString()).isEqualTo("spiffe://" + text);
        } catch (InvalidIdentityException e) {
            assertThat(e.getStackTrace()).isEmpty();
        }
    }
}
