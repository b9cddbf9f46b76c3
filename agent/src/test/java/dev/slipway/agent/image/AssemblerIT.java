package dev.slipway.agent.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.testkit.TestRegistry;
import dev.slipway.time.SystemThreads;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// Images without an engine, with a real registry.
@Timeout(240)
class AssemblerIT {
    private static final int MANY = 100;

    @TempDir private Path folder;
    private TestRegistry registry;

    @BeforeEach
    void open() throws Exception {
        TestRegistry.require();
        registry = TestRegistry.open(folder.resolve("registry"));
        Path base = Files.createDirectories(folder.resolve("base"));
        Files.write(base.resolve("library"), noise(1));
        assembler("base").push(assembly(Assembly.SCRATCH, base), tag("base"));
        Path files = Files.createDirectories(folder.resolve("files/bin"));
        Files.writeString(files.resolve("run"), "#!/bin/sh");
        assertThat(files.resolve("run").toFile().setExecutable(true)).isTrue();
        Files.write(files.resolve("data"), noise(2));
    }

    @AfterEach
    void close() {
        registry.close();
    }

    /// Does not become smaller when it is compressed.
    private static byte[] noise(long seed) {
        byte[] bytes = new byte[2 << 20];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static Assembly assembly(String base, Path files) {
        return new Assembly(
                base,
                "linux/amd64",
                List.of(new Assembly.Files(files, files, "/app")),
                new Assembly.Config(
                        List.of("/app/bin/run"),
                        List.of("--now"),
                        Map.of("MODE", "test"),
                        Map.of("team", "web"),
                        List.of("8080"),
                        "/app",
                        "1000"),
                Instant.parse("2026-11-01T00:00:00Z"),
                Optional.empty());
    }

    private Assembler assembler(String name) {
        return new Assembler(
                new Assembler.Places(
                        folder.resolve(name + "/bases"), folder.resolve(name + "/own")),
                registry -> Optional.empty(),
                new SystemThreads(),
                line -> {});
    }

    private String tag(String name) {
        return registry.address() + "/team/" + name + ":1";
    }

    @Test
    void registryHasWhatTheDigestSays() throws Exception {
        var made =
                assembler("one").push(assembly(tag("base"), folder.resolve("files")), tag("app"));

        byte[] manifest = get("/v2/team/app/manifests/1");
        assertThat("sha256:" + sha256(manifest)).isEqualTo(made.digest());
        assertThat(new String(manifest, UTF_8)).contains(made.id());
        assertThat(new String(get("/v2/team/app/blobs/" + made.id()), UTF_8))
                .contains("\"created\":\"2026-11-01T00:00:00Z\"")
                .contains("\"Entrypoint\":[\"/app/bin/run\"]", "\"Cmd\":[\"--now\"]")
                .contains("\"WorkingDir\":\"/app\"", "\"User\":\"1000\"", "8080/tcp")
                .contains("MODE=test", "\"team\":\"web\"");
    }

    @Test
    void sameFilesGiveTheSameImageWhereverAndWhenever() throws Exception {
        var first = assembler("one").push(assembly(tag("base"), folder.resolve("files")), tag("a"));
        Path other = Files.createDirectories(folder.resolve("elsewhere/bin"));
        for (String name : List.of("run", "data")) {
            Files.copy(folder.resolve("files/bin").resolve(name), other.resolve(name));
            Files.setLastModifiedTime(other.resolve(name), FileTime.from(Instant.EPOCH));
        }
        assertThat(other.resolve("run").toFile().setExecutable(true)).isTrue();

        var second = assembler("two").push(assembly(tag("base"), other.getParent()), tag("b"));
        Path tar = folder.resolve("out/image.tar");
        var written =
                assembler("three").write(assembly(tag("base"), other.getParent()), tar, tag("b"));

        assertThat(second).isEqualTo(first).isEqualTo(written);
        assertThat(tar).isNotEmptyFile();
        assertThat(tar.resolveSibling("image.tar.partial")).doesNotExist();
    }

    @Test
    void linkOutOfTheContextIsRefused() throws Exception {
        Path files = folder.resolve("files");
        Files.createSymbolicLink(files.resolve("inside"), Path.of("bin/run"));
        assembler("one").push(assembly(Assembly.SCRATCH, files), tag("app"));
        Files.createSymbolicLink(files.resolve("outside"), Path.of("/etc/hostname"));

        assertThatThrownBy(
                        () -> assembler("one").push(assembly(Assembly.SCRATCH, files), tag("app")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("'outside' cannot be put into an image");
    }

    @Test
    void missingBaseIsNamed() {
        assertThatThrownBy(
                        () ->
                                assembler("one")
                                        .push(
                                                assembly(tag("none"), folder.resolve("files")),
                                                tag("app")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("team/app:1 cannot be made")
                .hasMessageContaining("team/none");
    }

    /// However far it had come: begun again, it gives the image that it gives undisturbed.
    @Test
    void killedAtAnyPointAndBegunAgainGivesTheSameImage() throws Exception {
        String undisturbed = run(folder.resolve("undisturbed"), MANY * MANY);
        assertThat(undisturbed).startsWith("ended ");

        List<String> points = new ArrayList<>();
        for (int point = 1; point < MANY; point *= 2) {
            Path place = folder.resolve("place-" + point);
            String at = run(place, point);
            if (at.startsWith("ended ")) {
                break;
            }
            points.add(at);
            assertThat(run(place, MANY * MANY)).as("killed %s", at).isEqualTo(undisturbed);
        }
        assertThat(points).as("where it was killed").hasSizeGreaterThan(2);
    }

    /// @return the line at which it stopped; then it is killed
    private String run(Path place, int point) throws Exception {
        Files.createDirectories(place);
        if (Files.notExists(place.resolve("files"))) {
            Files.createSymbolicLink(place.resolve("files"), folder.resolve("files"));
        }
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                AssembleOnce.class.getName(),
                                place.toRealPath().toString(),
                                tag("killed"),
                                tag("base"),
                                Integer.toString(point))
                        .redirectErrorStream(true)
                        .start();
        var said = new StringBuilder();
        try (var lines = process.inputReader(UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("at ") || line.startsWith("ended ")) {
                    return line;
                }
                said.append(line).append('\n');
            }
            throw new AssertionError("It ended early:\n" + said);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private byte[] get(String path) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var request =
                    HttpRequest.newBuilder(URI.create("http://" + registry.address() + path))
                            .header(
                                    "Accept",
                                    "application/vnd.docker.distribution.manifest.v2+json")
                            .build();
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
        }
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
