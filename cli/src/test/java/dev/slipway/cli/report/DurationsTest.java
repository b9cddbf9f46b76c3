package dev.slipway.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

class DurationsTest {
    @Test
    void spansGetCoarserAsTheyGrow() {
        assertThat(Durations.text(Duration.ofMillis(-3))).isEqualTo("0.0s");
        assertThat(Durations.text(Duration.ofMillis(1234))).isEqualTo("1.2s");
        assertThat(Durations.text(Duration.ofSeconds(59))).isEqualTo("59s");
        assertThat(Durations.text(Duration.ofSeconds(185))).isEqualTo("3m 05s");
        assertThat(Durations.text(Duration.ofMinutes(124))).isEqualTo("2h 04m");
    }

    @Test
    void agoIsRelativeToNow() {
        Instant now = Instant.parse("2026-11-24T10:00:00Z");

        assertThat(Durations.ago(null, now)).isEqualTo("-");
        assertThat(Durations.ago(now.minusSeconds(5), now)).isEqualTo("5s ago");
        assertThat(Durations.ago(now.minusSeconds(7200), now)).isEqualTo("2h ago");
        assertThat(Durations.ago(now.minus(Duration.ofDays(9)), now)).isEqualTo("9 days ago");
    }

    @Test
    void bytesHaveAUnit() {
        assertThat(Durations.bytes(1023)).isEqualTo("1023 B");
        assertThat(Durations.bytes(1536)).isEqualTo("1.5 KiB");
        assertThat(Durations.bytes(3L << 30)).isEqualTo("3.0 GiB");
    }
}
