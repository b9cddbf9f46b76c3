package dev.slipway.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.stream.Stream;

class PauseBetweenReignsTest {
    private final PauseBetweenReigns pause = new PauseBetweenReigns();

    @Test
    void reignsThatFailAtOnceAreEverRarer() {
        assertThat(Stream.generate(() -> afterSeconds(0)).limit(6))
                .containsExactly(1L, 2L, 4L, 8L, 8L, 8L);
    }

    @Test
    void reignThatHasLastedMakesTheNextPauseShort() {
        afterSeconds(0);
        afterSeconds(29);

        assertThat(afterSeconds(30)).isEqualTo(1);
        assertThat(afterSeconds(0)).isEqualTo(2);
    }

    private long afterSeconds(long lasted) {
        return pause.after(Duration.ofSeconds(lasted)).toSeconds();
    }
}
