package dev.slipway.agent;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.agent.docker.DockerEngine;
import dev.slipway.time.SystemThreads;
import dev.slipway.time.SystemTimers;

import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// The Docker engine of this machine, and an image for it that needs no registry.
public final class TestEngine {
    /// BusyBox alone: a shell and the usual tools.
    public static final String IMAGE = "slipway-test/busybox:1";

    /// The same with glibc: programs of this machine run there.
    public static final String GLIBC_IMAGE = "slipway-test/glibc:1";

    private static final SystemTimers TIMERS = new SystemTimers("docker-timers");
    private static final Path BUSYBOX = Path.of("/bin/busybox");

    private TestEngine() {}

    /// Skips the calling test, and says why, when there is no engine or no BusyBox for the image.
    public static void require() throws IOException, InterruptedException {
        var engine = DockerEngine.find(System.getenv(), TIMERS, new SystemThreads());
        Assumptions.assumeTrue(
                engine.isPresent(),
                "no Docker engine answers: jobs in containers are not tried. Start one (.ci/run"
                        + " does it as root), or set DOCKER_HOST");
        engine.get().close();
        Assumptions.assumeTrue(
                Files.isExecutable(BUSYBOX),
                "no /bin/busybox to make an image from: jobs in containers are not tried. Install"
                        + " Debian's busybox-static");
        build();
    }

    private static void build() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("slipway-image");
        Files.copy(BUSYBOX, folder.resolve("busybox"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(
                folder.resolve("Dockerfile"),
                """
                FROM scratch
                ADD busybox /bin/busybox
                RUN ["/bin/busybox","sh","-c","/bin/busybox mkdir -p /usr/bin /usr/sbin /sbin /tmp /etc && /bin/busybox --install -s"]
                ENV PATH=/usr/bin:/usr/sbin:/bin:/sbin FROM_IMAGE=yes
                CMD ["/bin/sh"]
                """);
        assertThat(run("docker", "build", "-q", "-t", IMAGE, folder.toString()))
                .as("docker build")
                .startsWith("sha256:");
    }

    /// Makes {@link #GLIBC_IMAGE}, with the libraries that this machine's Node.js needs. Skips the
    /// calling test when there is no Node.js.
    public static void requireGlibcImage() throws IOException, InterruptedException {
        String node = run("sh", "-c", "readlink -f \"$(command -v node)\"");
        Assumptions.assumeTrue(
                !node.isEmpty(),
                "no node on the PATH: JavaScript actions in containers are not tried. Install"
                        + " Node.js 20 or newer");
        Path folder = Files.createTempDirectory("slipway-glibc");
        String copy =
                "ldd '%s' | grep -o '/[^ ]*' | sort -u | tar -chf '%s/libraries.tar' -T -"
                        .formatted(node, folder);
        run("sh", "-c", copy);
        Files.writeString(
                folder.resolve("Dockerfile"), "FROM " + IMAGE + "\nADD libraries.tar /\n");
        assertThat(run("docker", "build", "-q", "-t", GLIBC_IMAGE, folder.toString()))
                .as("docker build")
                .startsWith("sha256:");
    }

    /// Runs a program and gives what it printed.
    public static String run(String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        process.waitFor();
        return output;
    }
}
