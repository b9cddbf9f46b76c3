package dev.slipway.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.agent.runner.AttemptView;
import dev.slipway.agent.runner.AttemptView.Phase;
import dev.slipway.agent.runner.Token;
import dev.slipway.agent.session.IdentityFiles.SeenEpoch;
import dev.slipway.id.AttemptId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

class EpochGuardIT {
    @TempDir private Path folder;

    private EpochGuard guard() throws IOException {
        return new EpochGuard(new IdentityFiles(folder));
    }

    private static AttemptView held(String farm) {
        return new AttemptView(
                new Token(farm, AttemptId.parse("1/1/1"), 1),
                1,
                Phase.RUNNING,
                null,
                List.of(),
                List.of(),
                List.of(),
                null,
                null,
                null);
    }

    @Test
    void lowerEpochIsRefusedAlsoAfterARestart() throws IOException {
        assertThat(guard().check(new SeenEpoch("farm", 7), List.of())).isEmpty();

        assertThat(guard().check(new SeenEpoch("farm", 6), List.of()))
                .hasValueSatisfying(why -> assertThat(why).contains("epoch 7 has begun"));
        assertThat(guard().check(new SeenEpoch("farm", 7), List.of())).isEmpty();
        assertThat(guard().check(new SeenEpoch("farm", 8), List.of())).isEmpty();
        assertThat(guard().highest()).isEqualTo(new SeenEpoch("farm", 8));
    }

    @Test
    void foreignFarmIsRefusedWhileJobsOfAnotherRunHere() throws IOException {
        guard().check(new SeenEpoch("ours", 7), List.of());

        assertThat(guard().check(new SeenEpoch("theirs", 9), List.of(held("ours"))))
                .hasValueSatisfying(why -> assertThat(why).contains("belongs to farm theirs"));
        assertThat(guard().highest().farmId()).isEqualTo("ours");
    }

    @Test
    void idleAgentMovesToAnotherFarm() throws IOException {
        guard().check(new SeenEpoch("ours", 7), List.of());

        assertThat(guard().check(new SeenEpoch("theirs", 1), List.of())).isEmpty();
        assertThat(guard().highest()).isEqualTo(new SeenEpoch("theirs", 1));
    }
}
