package dev.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.wire.LogLine.Kind;

import org.junit.jupiter.api.Test;

import java.time.Instant;

class LogLinesTest {
    private static final Instant T0 = Instant.parse("2026-11-24T03:00:00.000123Z");

    @Test
    void linesComeBackAsTheyWereWritten() {
        var writer = new LogLines.Writer(16);
        byte[] text = "  hello wörld".getBytes(UTF_8);
        writer.add(T0, Kind.META, text, 2, text.length);
        writer.add(T0.minusSeconds(3), Kind.OUTPUT, text, 0, 0);
        writer.add(T0.plusSeconds(9), Kind.GAP, new byte[300], 0, 300);
        assertThat(writer.lines()).isEqualTo(3);

        var lines = LogLines.decode(writer.take());

        assertThat(lines).hasSize(3);
        assertThat(new String(lines.get(0).text(), UTF_8)).isEqualTo("hello wörld");
        assertThat(lines.get(0).at()).isEqualTo(T0);
        assertThat(lines.get(0).kind()).isEqualTo(Kind.META);
        assertThat(lines.get(1).at()).isEqualTo(T0.minusSeconds(3));
        assertThat(lines.get(1).text()).isEmpty();
        assertThat(lines.get(2).text()).hasSize(300);
    }

    @Test
    void cutChunkIsRefused() {
        var writer = new LogLines.Writer(16);
        writer.add(T0, Kind.OUTPUT, new byte[10], 0, 10);
        byte[] chunk = writer.take();

        assertThatThrownBy(() -> LogLines.decode(java.util.Arrays.copyOf(chunk, chunk.length - 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ends within a line");
    }
}
