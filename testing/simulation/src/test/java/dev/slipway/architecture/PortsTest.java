package dev.slipway.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;

import org.junit.jupiter.api.Test;

import java.util.Set;
import java.util.function.Predicate;

/// What makes the simulation of a whole farm possible: product code meets time, threads and chance
/// only through `dev.slipway.time` and `dev.slipway.id`, which a test can replace.
class PortsTest {
    private static final Set<String> CLOCKS =
            Set.of(
                    "java.time.Clock",
                    "java.time.Instant",
                    "java.time.LocalDate",
                    "java.time.LocalDateTime",
                    "java.time.LocalTime",
                    "java.time.OffsetDateTime",
                    "java.time.Year",
                    "java.time.ZonedDateTime");

    private static final Set<String> WAITS =
            Set.of(
                    "await",
                    "awaitNanos",
                    "awaitTermination",
                    "get",
                    "join",
                    "offer",
                    "orTimeout",
                    "poll",
                    "tryAcquire",
                    "tryLock",
                    "wait",
                    "waitFor",
                    "completeOnTimeout",
                    "delayedExecutor",
                    "parkNanos",
                    "parkUntil");

    @Test
    void nobodyReadsTheClockButThePort() {
        inProductCode()
                .should()
                .accessTargetWhere(use("read a clock", PortsTest::readsClock))
                .because("time comes from dev.slipway.time.Clock, or no test can move it")
                .check(ProductCode.classes());
    }

    @Test
    void nobodyWaitsForTimeButThePort() {
        inProductCode()
                .should()
                .accessTargetWhere(use("wait for time to pass", PortsTest::waitsForTime))
                .because(
                        "waiting is a dev.slipway.time.Timers timer, or simulated time stands"
                                + " still")
                .check(ProductCode.classes());
    }

    @Test
    void nobodyMakesThreadsButThePort() {
        inProductCode()
                .should()
                .accessTargetWhere(use("make a thread", PortsTest::makesThread))
                .because(
                        "threads come from dev.slipway.time.Threads: named, owned, and scheduled by"
                                + " one seed in the simulation")
                .check(ProductCode.classes());
    }

    @Test
    void nobodyDrawsLotsButThePort() {
        inProductCode()
                .and()
                .resideOutsideOfPackage("dev.slipway.coordinator.secrets..")
                .should()
                .accessTargetWhere(use("draw a random number", PortsTest::drawsLots))
                .because("chance comes from dev.slipway.id.Ids, or a failure cannot be repeated")
                .check(ProductCode.classes());
    }

    @Test
    void onlyTheCommandLineSpeaksToTheTerminal() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.slipway.cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .because("stdout is data, and only the main class decides when the process ends")
                .allowEmptyShould(true)
                .check(ProductCode.classes());
    }

    @Test
    void thePureCoreDoesNothingButCompute() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.slipway.coordinator.model..",
                        "dev.slipway.coordinator.schedule..",
                        "dev.slipway.expression..",
                        "dev.slipway.planning..")
                .and()
                .doNotHaveSimpleName("ProjectLocator") // finds a project's files for its callers
                .should()
                .dependOnClassesThat(
                        DescribedPredicate.describe("do I/O or log", PortsTest::hasEffects))
                .because("the core decides; its journal is its log, and its callers do the rest")
                .allowEmptyShould(true)
                .check(ProductCode.classes());
    }

    @Test
    void nothingIsGlobalAndMutable() {
        noFields()
                .that()
                .areStatic()
                .and()
                .areDeclaredInClassesThat()
                .resideOutsideOfPackage("dev.slipway.cli.terminal..")
                .should()
                .notBeFinal()
                .because("Coordinator and Agent build everything with new; two can live in one JVM")
                .check(ProductCode.classes());
    }

    private static GivenClassesConjunction inProductCode() {
        return noClasses().that().resideOutsideOfPackages("dev.slipway.time..", "dev.slipway.id..");
    }

    private static boolean readsClock(CodeUnitAccessTarget target) {
        String owner = target.getOwner().getName();
        String name = target.getName();
        if (owner.equals("java.lang.System")) {
            return name.equals("nanoTime") || name.equals("currentTimeMillis");
        }
        return CLOCKS.contains(owner)
                && (name.equals("now") || name.equals("systemUTC") || name.startsWith("systemDef"));
    }

    /// A timed wait has a duration among its parameters; `Map.get` and `Queue.poll` have none.
    private static boolean waitsForTime(CodeUnitAccessTarget target) {
        String owner = target.getOwner().getName();
        if (owner.equals("java.lang.Thread")) {
            return target.getName().equals("sleep")
                    || (target.getName().equals("join")
                            && !target.getRawParameterTypes().isEmpty());
        }
        if (owner.equals("java.util.Timer")) {
            return true;
        }
        return WAITS.contains(target.getName())
                && (owner.startsWith("java.util.concurrent.")
                        || owner.equals("java.lang.Object")
                        || owner.equals("java.lang.Process"))
                && target.getRawParameterTypes().stream().anyMatch(PortsTest::isDuration);
    }

    private static boolean isDuration(JavaClass type) {
        return Set.of("long", "java.util.concurrent.TimeUnit", "java.time.Duration")
                .contains(type.getName());
    }

    private static boolean makesThread(CodeUnitAccessTarget target) {
        String owner = target.getOwner().getName();
        String name = target.getName();
        if (owner.equals("java.lang.Thread")) {
            return Set.of("<init>", "ofVirtual", "ofPlatform", "startVirtualThread").contains(name);
        }
        return owner.equals("java.util.concurrent.Executors")
                || (name.equals("<init>")
                        && Set.of(
                                        "java.util.concurrent.ForkJoinPool",
                                        "java.util.concurrent.ThreadPoolExecutor",
                                        "java.util.concurrent.ScheduledThreadPoolExecutor")
                                .contains(owner))
                || (owner.equals("java.util.concurrent.CompletableFuture")
                        && (name.endsWith("Async")));
    }

    private static boolean drawsLots(CodeUnitAccessTarget target) {
        String owner = target.getOwner().getName();
        String name = target.getName();
        return owner.equals("java.util.concurrent.ThreadLocalRandom")
                || owner.equals("java.security.SecureRandom")
                || (owner.equals("java.util.Random") && name.equals("<init>"))
                || (owner.equals("java.util.UUID") && name.equals("randomUUID"))
                || (owner.equals("java.util.Collections") && name.equals("shuffle"))
                || (owner.equals("java.lang.Math") && name.equals("random"));
    }

    private static boolean hasEffects(JavaClass target) {
        String name = target.getName();
        return name.startsWith("org.slf4j.")
                || name.startsWith("java.net.http.")
                || name.equals("java.net.Socket")
                || name.equals("java.nio.file.Files")
                || name.equals("java.io.File")
                || name.startsWith("java.nio.channels.")
                || name.equals("java.lang.ProcessBuilder");
    }

    /// Calls and method references alike.
    private static DescribedPredicate<JavaAccess<?>> use(
            String description, Predicate<CodeUnitAccessTarget> matches) {
        return DescribedPredicate.describe(
                description,
                access ->
                        access.getTarget() instanceof CodeUnitAccessTarget target
                                && matches.test(target));
    }
}
