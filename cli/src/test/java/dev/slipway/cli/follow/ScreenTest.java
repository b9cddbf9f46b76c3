package dev.slipway.cli.follow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScreenTest {
    @Test
    void clippedLineKeepsItsColoursAndEndsThem() {
        assertThat(Screen.clip("\u001b[31mabc\u001b[0mdef", 4))
                .isEqualTo("\u001b[31mabc\u001b[0md\u001b[0m");
    }

    @Test
    void shortLineStaysAsItIs() {
        assertThat(Screen.clip("✓ done", 6)).isEqualTo("✓ done");
    }
}
