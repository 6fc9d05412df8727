package dev.gossamer.lab;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.netty.channel.ChannelHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** ARCHITECTURE.md, as far as a machine can hold us to it; and for each rule a planted class that breaks it. */
final class ArchitectureTest {
    private static final JavaClasses MESH = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.gossamer");
    private static final JavaClasses PLANTED = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
            .importPackages(
                    "dev.gossamer.planted",
                    "dev.gossamer.core.planted",
                    "dev.gossamer.ztunnel.planted",
                    "dev.gossamer.node.planted");

    /** gRPC takes its TLS settings as Netty's types. */
    private static final String GRPC_TRANSPORT = "pki.transport";

    /** A rule by what it is called in reports. */
    record Named(String name, ArchRule rule) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Named> rules() {
        return List.of(
                new Named(
                        "packages have no cycles",
                        slices().matching("dev.gossamer.(**)").should().beFreeOfCycles()),
                new Named("core is pure JDK", coreIsPure()),
                new Named(
                        "Netty stays in the data plane and the lab",
                        only("io.netty..", "net", "ztunnel", "lab", "bench", GRPC_TRANSPORT)),
                new Named("gRPC stays in xds and pki", only("io.grpc..", "xds", "pki")),
                new Named(
                        "fabric8 stays where Kubernetes is spoken",
                        only(
                                "io.fabric8..",
                                "kube",
                                "control.source",
                                "control.gateway",
                                "control.status",
                                "node.pods",
                                "cli",
                                "lab")),
                new Named("native calls stay in net.linux", only("java.lang.foreign..", "net.linux")),
                new Named(
                        "generated types stay at the wire",
                        only("dev.gossamer.proto..", "proto", "xds", "pki", "ztunnel.inpod", "node.handover")),
                new Named("programs do not know each other", programsAreStrangers()),
                new Named("the embedded API server is the lab's", apiServerIsTheLabs()),
                new Named("environment and clock come from outside", environmentAndClock()),
                new Named("threads come from lifecycle and net.loop", threads()),
                new Named("names say the role", names()),
                new Named("no package is a drawer", drawers()),
                new Named("channel handlers do not wait", handlersDoNotWait()));
    }

    private static ArchRule coreIsPure() {
        return classes()
                .that()
                .resideInAPackage("dev.gossamer.core..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.gossamer.core..", "java..", "org.jspecify..", "com.google.errorprone.annotations..");
    }

    /** {@code library} may be used in these packages of ours and no others. */
    private static ArchRule only(String library, String... packages) {
        var inside =
                Stream.of(packages).map(name -> "dev.gossamer." + name + "..").toArray(String[]::new);
        return noClasses()
                .that()
                .resideOutsideOfPackages(inside)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }

    private static ArchRule programsAreStrangers() {
        return slices().matching("dev.gossamer.(ztunnel|control|node)..")
                .should()
                .notDependOnEachOther();
    }

    private static ArchRule apiServerIsTheLabs() {
        return noClasses()
                .that()
                .resideOutsideOfPackages("dev.gossamer.kube.server..", "dev.gossamer.lab..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.gossamer.kube.server..");
    }

    private static ArchRule environmentAndClock() {
        return noClasses()
                .that()
                .resideOutsideOfPackages("dev.gossamer.core.config..", "dev.gossamer.core.lifecycle..")
                .should()
                .callMethodWhere(call(System.class, "getenv|currentTimeMillis"))
                .orShould()
                .callMethodWhere(call(Instant.class, "now"))
                .orShould()
                .callMethodWhere(call(LocalDateTime.class, "now"))
                .orShould()
                .callMethodWhere(call(Clock.class, "system.*"));
    }

    private static ArchRule threads() {
        return noClasses()
                .that()
                .resideOutsideOfPackages("dev.gossamer.core.lifecycle..", "dev.gossamer.net.loop..")
                .should()
                .callConstructor(Thread.class, Runnable.class)
                .orShould()
                .callConstructor(Thread.class, Runnable.class, String.class)
                .orShould()
                .callMethodWhere(call(Thread.class, "ofPlatform"))
                .orShould()
                .callMethodWhere(call(Executors.class, "new(Fixed|Cached|Single|Scheduled|WorkStealing).*"));
    }

    private static ArchRule names() {
        // With a word before it: a field manager is what Kubernetes calls one.
        return noClasses().should().haveNameMatching(".*[a-z0-9](Utils?|Helpers?|Impl|Manager)(\\$.*)?");
    }

    private static ArchRule drawers() {
        return noClasses()
                .should()
                .resideInAnyPackage("..util..", "..common..", "..misc..", "..model..", "..internal..");
    }

    private static ArchRule handlersDoNotWait() {
        return noClasses()
                .that(assignableTo(ChannelHandler.class))
                .should()
                .callMethodWhere(call(Thread.class, "sleep|join"))
                .orShould()
                .callMethodWhere(call(Object.class, "wait"))
                .orShould()
                .callMethodWhere(call(CountDownLatch.class, "await"))
                .orShould()
                .callMethodWhere(call(BlockingQueue.class, "take|put"))
                .orShould()
                .callMethodWhere(call(Process.class, "waitFor"))
                .orShould()
                .callMethodWhere(call(CompletableFuture.class, "join"))
                .orShould()
                .callMethodWhere(call(Future.class, "get"))
                .orShould()
                .callMethodWhere(call(io.netty.util.concurrent.Future.class, "sync.*|await.*"));
    }

    /** Any overload: naming a method by its parameters would let the others through. */
    private static DescribedPredicate<JavaCall<?>> call(Class<?> owner, String name) {
        var pattern = Pattern.compile(name);
        return DescribedPredicate.describe(
                owner.getSimpleName() + "." + name,
                call -> call.getTargetOwner().isAssignableTo(owner)
                        && pattern.matcher(call.getName()).matches());
    }

    @ParameterizedTest
    @MethodSource("rules")
    void holds(Named named) {
        named.rule().allowEmptyShould(true).check(MESH);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void noticesThePlantedViolation(Named named) {
        assertThat(named.rule().evaluate(PLANTED).hasViolation())
                .as(named.name())
                .isTrue();
    }

    @Test
    void seesEveryModule() {
        var modules = List.of("core", "pki", "xds", "net", "kube", "ztunnel", "control", "node", "lab");
        assertThat(modules)
                .allSatisfy(module -> assertThat(MESH.that(resideInAnyPackage("dev.gossamer." + module + "..")))
                        .as(module)
                        .isNotEmpty());
    }

    @Test
    void everyPackageIsNullMarkedAndSaysWhatItIsFor() throws IOException {
        for (var file : packageInfos()) {
            assertThat(file)
                    .content()
                    .as(file.toString())
                    .matches(Pattern.compile("/\\*\\*\\s*\\S.{10,}?\\*/\\s*@NullMarked\\s*package .*", Pattern.DOTALL));
        }
        var unmarked = MESH.stream()
                .map(each -> each.getPackage())
                .filter(each -> !each.getName().startsWith("dev.gossamer.proto"))
                .filter(each -> !each.isAnnotatedWith(NullMarked.class))
                .map(each -> each.getName())
                .distinct();
        assertThat(unmarked).isEmpty();
    }

    private static List<Path> packageInfos() throws IOException {
        try (var modules = Files.list(Path.of(".."))) {
            var infos = new ArrayList<Path>();
            for (var module : modules.map(path -> path.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (var files = Files.walk(module)) {
                    files.filter(path -> path.endsWith("package-info.java")).forEach(infos::add);
                }
            }
            assertThat(infos).hasSizeGreaterThan(10);
            return infos;
        }
    }

    /** Files and methods stay readable: 600 lines and 60 lines are where a file or method hides two ideas. */
    @Test
    void filesStayShort() throws IOException {
        try (var modules = Files.list(Path.of(".."))) {
            for (var module : modules.map(path -> path.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (var files = Files.walk(module)) {
                    for (var file : files.filter(path -> path.toString().endsWith(".java"))
                            .toList()) {
                        assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThanOrEqualTo(600);
                    }
                }
            }
        }
    }
}
