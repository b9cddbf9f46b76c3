package dev.slipway.cli.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.error.SlipwayException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class SecretsFileIT {
    @TempDir Path folder;

    private Map<String, String> read(String text) throws IOException {
        Path file = folder.resolve("secrets.env");
        Files.writeString(file, text);
        return SecretsFile.read(file);
    }

    @Test
    void bareValuesEndAtACommentOrTheLine() throws IOException {
        assertThat(read("# all\nA=1\nexport B = two words # why\n\nC=\nD=x#y\r\n"))
                .containsExactly(
                        Map.entry("A", "1"),
                        Map.entry("B", "two words"),
                        Map.entry("C", ""),
                        Map.entry("D", "x#y"));
    }

    @Test
    void singleQuotesKeepEverythingAndDoubleQuotesHaveEscapes() throws IOException {
        assertThat(read("A='a\\n$b'\nB=\"a\\n\\\"b\\\" \\$c \\d\" # end\n"))
                .containsExactly(Map.entry("A", "a\\n$b"), Map.entry("B", "a\n\"b\" $c \\d"));
    }

    @Test
    void quotedValuesSpanLines() throws IOException {
        assertThat(read("KEY=\"-----BEGIN\nabc\n-----END\"\nNEXT=1"))
                .containsEntry("KEY", "-----BEGIN\nabc\n-----END")
                .containsEntry("NEXT", "1");
    }

    @Test
    void mistakesNameTheirLine() {
        assertThatThrownBy(() -> read("A=1\nno equals\n"))
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining("secrets.env:2: has no '='");
        assertThatThrownBy(() -> read("1A=1\n")).hasMessageContaining(":1: '1A' is no name");
        assertThatThrownBy(() -> read("A=1\nB='x\ny")).hasMessageContaining(":2: the quote '");
        assertThatThrownBy(() -> read("A='x' y\n")).hasMessageContaining("after the closing");
    }
}
