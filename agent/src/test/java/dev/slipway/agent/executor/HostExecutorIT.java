package dev.slipway.agent.executor;

import static dev.slipway.agent.executor.HostFixture.readAll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

@Timeout(60)
class HostExecutorIT {
    @TempDir Path folder;
    private HostFixture host;

    @BeforeEach
    void open() throws IOException {
        host = new HostFixture(folder);
    }

    @AfterEach
    void close() throws IOException {
        host.close();
    }

    @Test
    void outputAndExitCodeArrive() throws Exception {
        RunningProcess process = host.bash("step", "echo one; echo two >&2; exit 3");

        assertThat(readAll(process)).isEqualTo("one\ntwo\n");
        assertThat(process.awaitExit()).isEqualTo(new Exit.Exited(3));
    }

    @Test
    void endBySignalIsTheShellsExitCode() throws Exception {
        RunningProcess process = host.bash("step", "kill -KILL $$");

        assertThat(process.awaitExit()).isEqualTo(new Exit.Exited(137));
    }

    @Test
    void tenThousandLinesArriveInOrder() throws Exception {
        RunningProcess process =
                host.bash("step", "for ((i = 0; i < 10000; i++)); do echo line $i; done");

        List<String> lines = readAll(process).lines().toList();

        assertThat(lines).hasSize(10_000);
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i)).isEqualTo("line " + i);
        }
    }

    @Test
    void writingToDevStderrAndTeeDoNotTruncate() throws Exception {
        RunningProcess process =
                host.bash(
                        "step",
                        "echo a; echo b >/dev/stderr; echo c | tee /dev/stdout; echo d"
                                + " >/dev/stdout");

        assertThat(readAll(process)).isEqualTo("a\nb\nc\nc\nd\n");
    }

    @Test
    void stdinIsEmpty() throws Exception {
        RunningProcess process = host.bash("step", "cat; read x; echo \"end $?\"");

        assertThat(readAll(process)).isEqualTo("end 1\n");
    }

    @Test
    void environmentIsExact() throws Exception {
        host.environment.put("MULTI", "one\ntwo 'three' \"four\" $(five) \\six");
        host.environment.put("EMPTY", "");
        host.environment.put("UNICODE", "é日本");

        String output = readAll(host.start("step", "env", "-0"));

        assertThat(output.split("\0"))
                .contains(
                        "MULTI=one\ntwo 'three' \"four\" $(five) \\six",
                        "EMPTY=",
                        "UNICODE=é日本",
                        "PATH=" + System.getenv("PATH"))
                .anyMatch(line -> line.startsWith("RUNNER_TRACKING_ID=job-step-"))
                .noneMatch(line -> line.matches("(LC_ALL|HOME|OLDPWD|SLIPWAY_SUPERVISES)=.*"));
    }

    @Test
    void environmentMayHoldNamesThatNoShellHas() throws Exception {
        host.environment.put("INPUT_FETCH-DEPTH", "0");
        host.environment.put("npm.config", "a=b\nc");
        host.environment.put("OPTIND", "not a number");
        host.environment.put("LARGE", "x".repeat(100_000));

        RunningProcess process = host.start("step", "env", "-0");

        assertThat(readAll(process).split("\0"))
                .contains(
                        "INPUT_FETCH-DEPTH=0",
                        "npm.config=a=b\nc",
                        "OPTIND=not a number",
                        "LARGE=" + "x".repeat(100_000));
        assertThat(process.awaitExit()).isEqualTo(new Exit.Exited(0));
    }

    @Test
    void thousandsOfVariablesArePassed() throws Exception {
        for (int i = 0; i < 5_000; i++) {
            host.environment.put("VARIABLE_" + i, "value " + i);
        }

        String output = readAll(host.start("step", "sh", "-c", "env | grep -c ^VARIABLE_"));

        assertThat(output).isEqualTo("5000\n");
    }

    @Test
    void environmentIsNeverOnDiskOrOnACommandLine() throws Exception {
        host.environment.put("SECRET", "hunter2-secret");
        host.environment.put("INPUT_ANOTHER-SECRET", "hunter3-secret");
        RunningProcess process =
                host.bash("step", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '; echo; sleep 0.3");

        String commandLines = readAll(process);

        assertThat(commandLines).doesNotContain("hunter2-secret", "hunter3-secret");
        process.awaitExit();
        try (var files = Files.walk(host.root)) {
            assertThat(files.filter(Files::isRegularFile))
                    .noneMatch(file -> contains(file, "hunter2") || contains(file, "hunter3"));
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1)
                    .contains(text);
        } catch (IOException gone) {
            return false;
        }
    }

    @Test
    void missingCommandExits127AndSaysSo() throws Exception {
        RunningProcess named = host.start("named", "no-such-command", "x");
        RunningProcess path = host.start("path", "/no/such/command");

        assertThat(readAll(named)).contains("no-such-command").contains("not found on the PATH");
        assertThat(named.awaitExit()).isEqualTo(new Exit.Exited(127));
        assertThat(readAll(path)).contains("/no/such/command").contains("no such file");
        assertThat(path.awaitExit()).isEqualTo(new Exit.Exited(127));
    }

    @Test
    void commandThatIsNotExecutableExits126AndSaysSo() throws Exception {
        Path script = Files.writeString(host.root.resolve("script"), "echo hello\n");
        RunningProcess process = host.start("step", script.toString());

        assertThat(readAll(process)).contains("not executable");
        assertThat(process.awaitExit()).isEqualTo(new Exit.Exited(126));
    }

    @Test
    void scriptWithMissingInterpreterFailsAndSaysSo() throws Exception {
        Path script =
                Files.writeString(host.root.resolve("script"), "#!/no/such/interpreter\necho\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        RunningProcess process = host.start("step", script.toString());

        assertThat(readAll(process)).contains("No such file or directory");
        assertThat(process.awaitExit()).isIn(new Exit.Exited(126), new Exit.Exited(127));
    }

    @Test
    void missingWorkingDirectoryExits126AndSaysSo() throws Exception {
        Launch launch = host.launch("step", "true");
        RunningProcess process =
                host.executor.start(
                        new Launch(
                                launch.controlFolder(),
                                launch.command(),
                                launch.environment(),
                                Path.of("/no/such/folder"),
                                launch.jobTrackingId(),
                                launch.stepTrackingId(),
                                launch.leaseFile(),
                                launch.limits(),
                                new Launch.Place.Machine()));

        assertThat(readAll(process)).contains("working directory /no/such/folder is missing");
        assertThat(process.awaitExit()).isEqualTo(new Exit.Exited(126));
    }

    @Test
    void controlFolderIsPrivateAndDeletable() throws Exception {
        RunningProcess process = host.bash("step", "echo x");
        readAll(process);
        process.awaitExit();

        Path control = host.root.resolve("step");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(control)))
                .isEqualTo("rwx------");

        process.delete();

        assertThat(control).doesNotExist();
    }

    @Test
    void runningProcessCannotBeDeleted() throws Exception {
        RunningProcess process = host.bash("step", "echo x; sleep 60");
        HostFixture.readUntil(process, "x\n");

        assertThatThrownBy(process::delete)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("still runs");
    }

    @Test
    void secondStartInOneFolderIsRefused() throws Exception {
        RunningProcess first = host.bash("step", "echo once");
        first.awaitExit();

        assertThatThrownBy(() -> host.bash("step", "echo twice"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a step starts only once");
        assertThat(readAll(first)).isEqualTo("once\n");
    }

    @Test
    void processWithoutLeaseNeverStarts() throws Exception {
        Files.delete(host.lease);

        RunningProcess process = host.bash("step", "echo x");

        assertThat(process.awaitExit()).isInstanceOf(Exit.NeverStarted.class);
        assertThat(readAll(process)).isEmpty();
    }

    @Test
    void stepThatKillsItsProcessGroupHurtsNobodyElse() throws Exception {
        RunningProcess process =
                host.bash("step", "echo before; trap '' TERM; kill -TERM 0; exit 5");

        assertThat(readAll(process)).isEqualTo("before\n");
        assertThat(process.awaitExit()).isEqualTo(new Exit.Exited(5));
    }

    @Test
    void interruptWaitingReader() throws Exception {
        RunningProcess process = host.bash("step", "echo x; sleep 60");
        HostFixture.readUntil(process, "x\n");
        var ended = new java.util.concurrent.CountDownLatch(1);
        Thread reader =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        process.read(2, new byte[10]);
                                    } catch (InterruptedException expected) {
                                        ended.countDown();
                                    } catch (IOException unexpected) {
                                        throw new AssertionError(unexpected);
                                    }
                                });

        reader.interrupt();

        ended.await();
    }

    @Test
    void leftoversOfAJobAreKilledWhereverTheyHide() throws Exception {
        RunningProcess process =
                host.bash(
                        "step",
                        """
                        setsid sleep 1001 >/dev/null 2>&1 &
                        echo $!
                        (env -i sleep 1002 >/dev/null 2>&1 &)
                        setsid bash -c 'env -i sleep 1003 & echo $!; wait' 2>/dev/null &
                        sleep 0.3
                        """);
        String[] pids = HostFixture.readUntil(process, "\n").split("\n");
        process.awaitExit();
        assertThat(HostFixture.alive(Long.parseLong(pids[0]))).isTrue();

        int killed = host.executor.killLeftovers(host.launch("step", "x").jobTrackingId());

        assertThat(killed).isGreaterThanOrEqualTo(3);
        for (String pid : pids) {
            assertThat(HostFixture.alive(Long.parseLong(pid))).isFalse();
        }
    }

    @Test
    void supervisorsLeaveNothingBehind() throws Exception {
        for (int i = 0; i < 5; i++) {
            RunningProcess process = host.bash("step" + i, "echo x");
            readAll(process);
            process.awaitExit();
        }

        host.awaitNoSupervisor();
    }

    @Test
    void startIsFast() throws Exception {
        host.bash("warm", "true").awaitExit();
        Duration best = Duration.ofDays(1);
        for (int i = 0; i < 10; i++) {
            Duration before = host.clock.uptime();
            RunningProcess process = host.start("fast" + i, "sh", "-c", "echo $$; sleep 0.2");
            process.read(0, new byte[10]);
            Duration taken = host.clock.uptime().minus(before);
            best = taken.compareTo(best) < 0 ? taken : best;
            process.awaitExit();
        }

        System.out.println("start to first byte: " + best);
        assertThat(best).isLessThan(Duration.ofSeconds(1));
    }
}
