package dev.slipway.agent.actions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.planning.Unsupported;

import org.junit.jupiter.api.Test;

class BuiltInsTest {
    @Test
    void whatAgentsDoIsWhatPlanningLetsThrough() {
        assertThat(BuiltIns.names()).containsExactlyInAnyOrderElementsOf(Unsupported.BUILT_IN);
    }
}
