package dev.slipway.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaintTest {
    private static final String COMMAND = "\u001b[36;1mmake test\u001b[0m";

    @Test
    void ownLinesHaveNoEscapesWhereThereIsNoColour() {
        assertThat(new Paint(false).own(COMMAND)).isEqualTo("make test");
    }

    @Test
    void ownLinesKeepTheirColoursOnATerminal() {
        assertThat(new Paint(true).own(COMMAND)).contains(COMMAND);
    }
}
