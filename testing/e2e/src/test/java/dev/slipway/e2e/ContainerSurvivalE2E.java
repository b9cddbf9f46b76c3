package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// `kill -9` of the agent under a step in a job container, and under a Docker action, beside a
/// service: each runs once, the log holds every line once, in order, and nothing is left.
class ContainerSurvivalE2E {
    private static final String IMAGE = "slipway-e2e/survival:1";
    private static final int LINES = 600;
    private static final Duration LIMIT = Duration.ofSeconds(150);

    @TempDir(cleanup = CleanupMode.NEVER)
    Path scratch;

    private Path work;

    /// BusyBox and the libraries that this machine's Node.js needs.
    @BeforeEach
    void image() throws Exception {
        assumeTrue(!sh("docker info >/dev/null && echo yes").isEmpty(), "no Docker engine answers");
        assumeTrue(
                !sh("test -x /bin/busybox && command -v node").isEmpty(),
                "containers need Debian's busybox-static and Node.js here");
        work = scratch.toRealPath().resolve("work-one");
        Path context = Files.createDirectory(scratch.resolve("image"));
        Files.writeString(
                context.resolve("Dockerfile"),
                """
                FROM scratch
                ADD busybox /bin/busybox
                RUN ["/bin/busybox","sh","-c","/bin/busybox mkdir -p /usr/bin /usr/sbin /sbin /tmp && /bin/busybox --install -s"]
                ADD libraries.tar /
                ENV PATH=/usr/bin:/usr/sbin:/bin:/sbin
                """);
        String built =
                sh(
                        ("cd '%s' && cp /bin/busybox . && ldd \"$(readlink -f \"$(command -v"
                             + " node)\")\" | grep -o '/[^ ]*' | sort -u | tar -chf libraries.tar"
                             + " -T - && docker build -q -t %s .")
                                .formatted(context, IMAGE));
        assertThat(built).startsWith("sha256:");
    }

    @AfterEach
    void removeWhatIsLeft() throws Exception {
        if (work != null) {
            sh("docker rm -fv $(docker ps -aq %s)".formatted(mine()));
            sh("docker network rm $(docker network ls -q %s)".formatted(mine()));
            sh("docker rmi -f $(docker images -q %s)".formatted(mine()));
        }
    }

    private String mine() {
        return "--filter label=dev.slipway.work=" + work;
    }

    private static String sh(String script) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder("sh", "-c", script)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        process.waitFor();
        return said;
    }

    @Test
    void killedAgentsContainersGoOnAndNothingIsLeft() throws Exception {
        Path project = project();
        try (var farm = new Farm(new Slipway(scratch), scratch)) {
            var agent = farm.startAgent("one");
            long run = farm.submit(project, ".github/workflows/count.yml");

            awaitLines("step", 100);
            String volumes =
                    sh(
                            "docker inspect -f '{{range .Mounts}}{{.Name}}{{end}}' $(docker ps -q %s)"
                                    .formatted(mine()));
            assertThat(volumes.strip()).as("the volume without a name").hasSize(64);
            agent.killNine();
            awaitLines("step", lines("step") + 100);
            agent = farm.startAgent("one");

            awaitLines("action", 100);
            agent.killNine();
            awaitLines("action", lines("action") + 100);
            farm.startAgent("one");

            String conclusion = farm.awaitEnd(project, run, LIMIT);
            var log = farm.run(project, "logs", Long.toString(run), "--raw").expect(0);
            assertThat(conclusion).as(log.out()).isEqualTo("success");
            assertThat(log.lines()).isEqualTo(expected());
            assertThat(sh("docker ps -aq " + mine())).isEmpty();
            assertThat(sh("docker network ls -q " + mine())).isEmpty();
            assertThat(sh("docker volume ls -q")).doesNotContain(volumes.strip());
        }
    }

    @Test
    void whatADeadAgentLeftIsSweptWhenItsAttemptIsGone() throws Exception {
        Path project = project();
        try (var farm = new Farm(new Slipway(scratch), scratch)) {
            var agent = farm.startAgent("one");
            farm.submit(project, ".github/workflows/count.yml");
            awaitLines("step", 50);
            agent.killNine();
            String left = sh("docker ps -q " + mine());
            assertThat(left.lines()).hasSize(2);
            sh("rm -rf '%s/attempts'".formatted(work));
            farm.coordinator().killNine();

            farm.startAgent("one");

            for (String container : left.lines().toList()) {
                Eventually.holds("swept", LIMIT, () -> isGone(container));
            }
            Eventually.holds("no network", LIMIT, this::hasNoNetwork);
        }
    }

    private static boolean isGone(String container) {
        try {
            return sh("docker ps -aq --filter id=" + container).isEmpty();
        } catch (IOException | InterruptedException problem) {
            throw new AssertionError(problem);
        }
    }

    private boolean hasNoNetwork() {
        try {
            return sh("docker network ls -q " + mine()).isEmpty();
        } catch (IOException | InterruptedException problem) {
            throw new AssertionError(problem);
        }
    }

    private void awaitLines(String witness, int count) {
        Eventually.holds(
                "%s has printed %d lines".formatted(witness, count),
                LIMIT,
                () -> lines(witness) >= count);
    }

    /// How many lines a step has printed, as a file in its workspace says.
    private int lines(String witness) {
        try (Stream<Path> files = Files.find(work, 4, (file, _) -> file.endsWith("w-" + witness))) {
            return files.mapToInt(file -> (int) (file.toFile().length() / 2)).sum();
        } catch (IOException | UncheckedIOException moving) {
            return 0; // Not there yet, or a folder went while it was looked at.
        }
    }

    private Path project() throws IOException {
        Path project = Files.createDirectories(scratch.resolve("project"));
        Path workflows = Files.createDirectories(project.resolve(".github/workflows"));
        actions(project);
        Files.writeString(
                workflows.resolve("count.yml"),
                """
                on: push
                jobs:
                  count:
                    runs-on: ubuntu-latest
                    container: {image: '%1$s', volumes: [/anonymous]}
                    services:
                      web:
                        image: %1$s
                        command: sh -c "mkdir /www; echo served > /www/index.html; httpd -f -p 80 -h /www"
                    steps:
                      - uses: $/js
                      - uses: $/image
                      - run: |
                          echo x >> starts
                %2$s
                      - uses: docker://%1$s
                        with: {entrypoint: /bin/sh, args: /github/workspace/action.sh}
                      - run: |
                          wget -q -O - http://web/
                          wc -l < starts
                """
                        .formatted(
                                IMAGE,
                                """
                                cat > action.sh <<'SH'
                                echo x >> starts
                                %s
                                SH
                                %s
                                """
                                        .formatted(count("action"), count("step"))
                                        .indent(10)
                                        .stripTrailing()));
        return project;
    }

    private static String count(String what) {
        return """
        i=1
        while [ $i -le %2$d ]; do
          echo "%1$s $i"
          echo x >> w-%1$s
          sleep 0.01
          i=$((i+1))
        done
        """
                .formatted(what, LINES)
                .stripTrailing();
    }

    private static void actions(Path project) throws IOException {
        Path js = Files.createDirectories(project.resolve("js"));
        Files.writeString(
                js.resolve("action.yml"),
                "name: js\nruns: {using: node20, pre: pre.js, main: main.js, post: post.js}\n");
        for (String stage : List.of("pre", "main", "post")) {
            Files.writeString(
                    js.resolve(stage + ".js"), "console.log('js %s');\n".formatted(stage));
        }
        Path image = Files.createDirectories(project.resolve("image"));
        Files.writeString(
                image.resolve("action.yml"),
                """
                name: image
                runs:
                  using: docker
                  image: Dockerfile
                  pre-entrypoint: /pre.sh
                  entrypoint: /main.sh
                  post-entrypoint: /post.sh
                """);
        Files.writeString(
                image.resolve("Dockerfile"),
                """
                FROM %s
                RUN for s in pre main post; do printf '#!/bin/sh\\necho image %%s\\n' $s > /$s.sh; done; chmod +x /*.sh
                """
                        .formatted(IMAGE));
    }

    private static List<String> expected() {
        var lines = new ArrayList<>(List.of("js pre", "image pre", "js main", "image main"));
        for (String what : List.of("step", "action")) {
            IntStream.rangeClosed(1, LINES).forEach(i -> lines.add(what + " " + i));
        }
        lines.addAll(List.of("served", "2", "image post", "js post"));
        return lines;
    }
}
