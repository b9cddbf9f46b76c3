package dev.slipway.glob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.time.Clock;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

class GlobIT {
    @TempDir private Path directory;

    @BeforeEach
    void files() throws IOException {
        for (String file : List.of("a/x", "a/.hidden/y", "a-b", "b.txt", "B.txt", "d/e/f.txt")) {
            Path path = directory.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, file);
        }
    }

    @Test
    void entriesComeDepthFirstSortedByBytes() throws IOException {
        assertThat(find("**", Glob.Options.DEFAULT))
                .containsExactly(
                        "",
                        "B.txt",
                        "a",
                        "a/.hidden",
                        "a/.hidden/y",
                        "a/x",
                        "a-b",
                        "b.txt",
                        "d",
                        "d/e",
                        "d/e/f.txt");
        assertThat(find("d/e/*.txt\na/x", Glob.Options.DEFAULT))
                .containsExactly("d/e/f.txt", "a/x");
        assertThat(find("*.txt\n!B*", Glob.Options.DEFAULT)).containsExactly("b.txt");
        assertThat(find("nowhere/**", Glob.Options.DEFAULT)).isEmpty();
    }

    @Test
    void foldersStandForTheirContentUnlessToldNot() throws IOException {
        assertThat(find("a", Glob.Options.DEFAULT))
                .containsExactly("a", "a/.hidden", "a/.hidden/y", "a/x");
        assertThat(find("a", new Glob.Options(true, false, false))).containsExactly("a");
        assertThat(find("a", new Glob.Options(true, true, true))).containsExactly("a", "a/x");
        assertThat(find("*/", new Glob.Options(true, false, false))).containsExactly("a", "d");
    }

    @Test
    void linksAreFollowedOnlyWhenAsked() throws IOException {
        Files.createSymbolicLink(directory.resolve("link"), directory.resolve("d"));
        Files.createSymbolicLink(directory.resolve("d/cycle"), directory);
        Files.createSymbolicLink(directory.resolve("broken"), Path.of("nowhere"));

        assertThat(find("link/**", Glob.Options.DEFAULT))
                .as("a folder that is being searched is not searched again inside itself")
                .containsExactly(
                        "link",
                        "link/cycle",
                        "link/cycle/B.txt",
                        "link/cycle/a",
                        "link/cycle/a/.hidden",
                        "link/cycle/a/.hidden/y",
                        "link/cycle/a/x",
                        "link/cycle/a-b",
                        "link/cycle/b.txt",
                        "link/e",
                        "link/e/f.txt");
        assertThat(find("broken", Glob.Options.DEFAULT)).isEmpty();
        assertThat(find("link/**\nbroken", new Glob.Options(false, true, false)))
                .containsExactly("link", "broken");
    }

    @Test
    void digestIsThatOfDigestsInOrder() throws Exception {
        String expected =
                HexFormat.of()
                        .formatHex(
                                sha256(
                                        concat(
                                                sha256(
                                                        "a/.hidden/y"
                                                                .getBytes(StandardCharsets.UTF_8)),
                                                sha256("a/x".getBytes(StandardCharsets.UTF_8)))));

        assertThat(hash("a")).isEqualTo(expected);
        assertThat(hash("a/**", "!**/none")).isEqualTo(expected);
        assertThat(hash("b.txt"))
                .isEqualTo(
                        HexFormat.of()
                                .formatHex(
                                        sha256(sha256("b.txt".getBytes(StandardCharsets.UTF_8)))));
        assertThat(hash("nothing")).isEmpty();
        assertThat(hash("/etc/hostname")).isEmpty();
    }

    @Test
    void linksToFilesAreReadAndLinksToFoldersOnlyWhenFollowed() throws Exception {
        Files.createSymbolicLink(directory.resolve("to-file"), directory.resolve("b.txt"));
        Files.createSymbolicLink(directory.resolve("to-folder"), directory.resolve("a"));
        Files.createSymbolicLink(directory.resolve("to-nothing"), Path.of("nowhere"));

        assertThat(hash("to-file")).isEqualTo(hash("b.txt"));
        assertThat(hash("to-folder", "to-nothing")).isEmpty();
        assertThat(hash("--follow-symbolic-links", "to-folder")).isEqualTo(hash("a"));
        assertThatThrownBy(() -> hash("--what", "a"))
                .hasMessageContaining("Invalid glob option '--what'");
    }

    @Test
    void hashingForTooLongIsAnError() {
        var slow =
                new Clock() {
                    private Duration uptime = Duration.ZERO;

                    @Override
                    public Instant now() {
                        return Instant.EPOCH;
                    }

                    @Override
                    public Duration uptime() {
                        uptime = uptime.plusSeconds(100);
                        return uptime;
                    }
                };
        var hashFiles = new HashFiles(directory, directory, slow);

        assertThatThrownBy(() -> hashFiles.hash(List.of("**")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("took more than 120 seconds");
    }

    private List<String> find(String lines, Glob.Options options) throws IOException {
        return Glob.parse(lines, directory, directory, options).find().stream()
                .map(path -> directory.relativize(path).toString())
                .toList();
    }

    private String hash(String... patterns) throws IOException {
        return new HashFiles(directory, directory, stopped()).hash(List.of(patterns));
    }

    private static Clock stopped() {
        return new Clock() {
            @Override
            public Instant now() {
                return Instant.EPOCH;
            }

            @Override
            public Duration uptime() {
                return Duration.ZERO;
            }
        };
    }

    private static byte[] sha256(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] all = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
