package dev.gossamer.kube.schema.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {
    private static final Map<String, Object> SELF = Map.of(
            "name",
            "web",
            "__namespace__",
            "prod",
            "port",
            80L,
            "weights",
            List.of(1L, 2L, 3L),
            "labels",
            Map.of("app", "web"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "self.name == 'web' && self.__namespace__ == 'prod'",
                "has(self.port) && !has(self.missing)",
                "self.?missing.orValue(7) == 7",
                "self.?port.hasValue()",
                "self.labels.all(key, key.size() > 0)",
                "'app' in self.labels",
                "self.port in [80, 443]",
                "self.port > 79.5",
                "self.weights.isSorted() && self.weights.sum() == 6",
                "self.weights.min() == 1 && self.weights.max() == 3",
                "self.weights.indexOf(2) == 1 && self.weights.lastIndexOf(9) == -1",
                "['b', 'a'].isSorted() == false",
                "[1.5, 2.5].sum() == 4.0",
                "self.name.substring(1) == 'eb'",
                "self.name.matches('^w.b$') && self.name.startsWith('w')",
                "'a,b'.split(',').size() == 2",
                "['a', 'b'].join('-') == 'a-b'",
                "'abc'.indexOf('c') == 2",
                "'%s is %d'.format(['port', 80]) == 'port is 80'",
                "'%s %.2f %x %X %b %o %e %%'.format([[1, 'a'], 2.345, 255, 'k', true, 8, 1.5]) == '[1, a] 2.34 ff 6B 1 10 1.500000e+00 %'",
                "self.weights.min() <= 1 && self.weights.sum() > 5.5",
                "'a1b22'.find('[0-9]+') == '1'",
                "'a1b22'.findAll('[0-9]+') == ['1', '22']",
                "'a1b22'.findAll('[0-9]+', 1) == ['1']",
                "duration('1500ms') == duration('1.5s') && duration('1h') > duration('1s')",
                "timestamp('2024-01-01T00:00:00Z').getFullYear() == 2024",
                "isURL('https://example.org:8443/a?b=c') && !isURL('example.org')",
                "url('https://example.org:8443/a?b=c').getHost() == 'example.org:8443'",
                "url('https://example.org:8443/a?b=c').getHostname() == 'example.org'",
                "url('https://example.org:8443/a?b=c').getPort() == '8443'",
                "url('https://example.org:8443/a?b=c').getEscapedPath() == '/a'",
                "url('https://example.org:8443/a?b=c').getQuery()['b'] == ['c']",
                "url('/path').getScheme() == ''",
                "quantity('1Gi').isGreaterThan(quantity('1G')) && quantity('500m').isLessThan(quantity('1'))",
                "quantity('1k') == quantity('1000') && quantity('1k').asInteger() == 1000",
                "quantity('1').add(quantity('500m')).compareTo(quantity('1500m')) == 0",
                "quantity('2').sub(1).sign() == 1 && !quantity('500m').isInteger()",
                "isQuantity('64Mi') && !isQuantity('64Qi')",
                "isIP('10.0.0.1') && isIP('::1') && !isIP('10.0.0.256') && !isIP('::ffff:1.2.3.4') && !isIP('example.org')",
                "ip('127.0.0.1').isLoopback() && ip('::1').family() == 6 && ip('10.0.0.1').isGlobalUnicast()",
                "ip.isCanonical('fd00::1') && !ip.isCanonical('fd00:0::1')",
                "string(ip('2001:DB8:0:0:0:0:0:1')) == '2001:db8::1'",
                "isCIDR('10.0.0.0/8') && !isCIDR('10.0.0.0/33') && !isCIDR('10.0.0.0')",
                "cidr('10.0.0.0/8').containsIP('10.1.2.3') && !cidr('10.0.0.0/8').containsIP(ip('11.0.0.1'))",
                "cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16') && cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8')",
                "cidr('fd00::/16').prefixLength() == 16 && cidr('10.0.0.0/8').ip() == ip('10.0.0.0')",
                "string(cidr('10.0.0.0/8')) == '10.0.0.0/8'",
                "!format.dns1123Label().validate('web-1').hasValue()",
                "format.dns1123Label().validate('Web').hasValue()",
                "format.named('uuid').hasValue() && !format.named('nothing').hasValue()",
                "!format.labelValue().validate('').hasValue()",
                "sets.contains([1, 2, 3], [1]) && sets.intersects([1], [1, 2])",
                "cel.bind(x, self.port, x == 80)",
                "self.weights.all(i, w, w == i + 1)",
                "self.weights.exists_one(w, w == 2) && self.weights.filter(w, w > 1).size() == 2",
                "self.weights.map(w, w * 2) == [2, 4, 6]",
                "{'a': 1}.all(key, key == 'a') && type(self.port) == int",
                "int('8') == 8 && string(8) == '8' && double(1) == 1.0",
            })
    void holds(String text) throws RuleException {
        assertThat(evaluate(text)).isEqualTo(true);
    }

    @Test
    void knowsWhetherItComparesWithWhatWasBefore() throws RuleException {
        assertThat(Expression.compile("self == oldSelf", false).usesOldSelf()).isTrue();
        assertThat(Expression.compile("self.oldSelf == 'oldSelf'", false).usesOldSelf())
                .isFalse();
        assertThat(Expression.compile("self == oldSelf", false).evaluate(1L, 1L, new Budget()))
                .isEqualTo(true);
        var optional = Expression.compile("!oldSelf.hasValue() || oldSelf.value() <= self", true);
        assertThat(optional.evaluate(1L, null, new Budget())).isEqualTo(true);
        assertThat(optional.evaluate(1L, 2L, new Budget())).isEqualTo(false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"self.", "unknown(self)", "self.name ==", "nothing == 1", "1 +"})
    void refusesWhatIsNotAnExpression(String text) {
        assertThatThrownBy(() -> Expression.compile(text, false))
                .isInstanceOf(RuleException.class)
                .hasMessageStartingWith("compilation failed: ");
    }

    @Test
    void warmsUpWithAnExpressionThatWorks() {
        assertThatCode(Expression::warmUp).doesNotThrowAnyException();
    }

    @Test
    void saysWhichKeyIsMissing() {
        assertThatThrownBy(() -> evaluate("self.missing == 1")).hasMessage("no such key: missing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1 / (self.port - 80) == 1",
                "ip('nonsense') == ip('::1')",
                "self.weights[7] == 1",
                "[1].filter(x, x > 1).min() == 1",
                "self.name.matches('(')"
            })
    void failsWithAnErrorOnValuesThatDoNotFit(String text) {
        assertThatThrownBy(() -> evaluate(text)).isInstanceOf(RuleException.class);
    }

    @Test
    void stopsWhenTheBudgetIsSpent() throws RuleException {
        var numbers = new ArrayList<Object>();
        for (long i = 0; i < 1_000; i++) {
            numbers.add(i);
        }
        var cubic = Expression.compile("self.all(a, self.all(b, self.all(c, a + b + c >= 0)))", false);
        var budget = new Budget();
        assertThatThrownBy(() -> cubic.evaluate(numbers, null, budget)).hasMessage("call cost exceeds limit");
        assertThat(budget.isSpent()).isTrue();
    }

    private static Object evaluate(String text) throws RuleException {
        return Expression.compile(text, false).evaluate(SELF, null, new Budget());
    }
}
