package dev.gossamer.kube.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.core.lifecycle.TimeSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What kubectl does with this server, as a table: {@code kubectl.txt}.
 *
 * <p>A case begins with {@code $ arguments}; {@code < } is a line of input, {@code = } a pattern to be found in what is
 * printed, {@code ! } one that is not, {@code x} that the command is to fail. The cases build on one another.
 */
final class KubectlCompatibilityTest {
    private record Case(
            int line, String arguments, String input, List<String> found, List<String> absent, boolean fails) {}

    @TempDir
    static Path home;

    private static ApiServer server;
    private static Kubectl kubectl;

    @BeforeAll
    static void start() throws IOException {
        Kubectl.require();
        server = ApiServer.start(new ApiServerConfig(
                List.of(new InetSocketAddress("127.0.0.1", 0)),
                List.of(),
                List.of(),
                null,
                "10.96.0.0/16",
                new LocalPods(),
                TimeSource.SYSTEM));
        kubectl = new Kubectl(server, home);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> kubectlDoes() throws IOException {
        return read().stream()
                .map(each -> DynamicTest.dynamicTest(each.line() + ": kubectl " + each.arguments(), () -> check(each)));
    }

    private static void check(Case each) throws IOException, InterruptedException {
        var run = kubectl.run(each.input(), split(each.arguments()));
        var printed = run.out() + run.err();
        assertThat(run.code() != 0).as("fails: " + printed).isEqualTo(each.fails());
        for (var pattern : each.found()) {
            assertThat(printed).containsPattern(Pattern.compile(pattern, Pattern.MULTILINE));
        }
        for (var pattern : each.absent()) {
            assertThat(printed).doesNotContainPattern(Pattern.compile(pattern, Pattern.MULTILINE));
        }
    }

    /** At spaces, but not inside single quotes. */
    private static List<String> split(String arguments) {
        var words = new ArrayList<String>();
        var matcher = Pattern.compile("'([^']*)'|(\\S+)").matcher(arguments);
        while (matcher.find()) {
            words.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
        }
        return words;
    }

    private static List<Case> read() throws IOException {
        var cases = new ArrayList<Case>();
        try (var lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(KubectlCompatibilityTest.class.getResourceAsStream("kubectl.txt")),
                StandardCharsets.UTF_8))) {
            int number = 0;
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                var rest = line.length() > 2 ? line.substring(2) : "";
                switch (line.isEmpty() ? '#' : line.charAt(0)) {
                    case '#' -> {}
                    case '$' -> cases.add(new Case(number, rest, "", List.of(), List.of(), false));
                    default -> cases.add(extended(cases.removeLast(), line.charAt(0), rest));
                }
            }
        }
        return cases;
    }

    private static Case extended(Case each, char mark, String rest) {
        var found = new ArrayList<>(each.found());
        var absent = new ArrayList<>(each.absent());
        var input = each.input();
        boolean fails = each.fails();
        switch (mark) {
            case '<' -> input += rest + "\n";
            case '=' -> found.add(rest);
            case '!' -> absent.add(rest);
            case 'x' -> fails = true;
            default -> throw new IllegalStateException("line " + each.line() + ": " + mark);
        }
        return new Case(each.line(), each.arguments(), input, found, absent, fails);
    }
}
