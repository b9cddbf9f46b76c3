package dev.slipway.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;

import dev.slipway.agent.v1.AttemptOrder.Action;
import dev.slipway.agent.v1.AttemptState;
import dev.slipway.agent.v1.Token;
import dev.slipway.api.v1.Cause;
import dev.slipway.api.v1.Conclusion;
import dev.slipway.api.v1.Status;

import io.grpc.StatusRuntimeException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// An agent that says what is not so: whatever it says, others' attempts and what is recorded stay
/// as they are, and the coordinator goes on.
@Timeout(60)
class LyingAgentIT {
    @TempDir Path folder;
    private TestFarm farm;
    private ScriptedAgent honest;
    private ScriptedAgent liar;
    private Token token;
    private long run;

    /// An attempt that the honest agent runs; the liar has no slots.
    @BeforeEach
    void begin() throws Exception {
        farm = new TestFarm(folder.resolve("data"), folder.resolve("keys"), Map.of());
        honest = farm.agent("honest", "honest");
        honest.join(List.of());
        run = farm.submit("x");
        token = honest.await(Action.ACTION_RUN).getToken();
        honest.tell(honest.running(token));
        honest.awaitAcknowledged();
        liar = farm.agent("liar", "liar");
    }

    @AfterEach
    void end() {
        liar.close();
        honest.close();
        farm.close();
    }

    @Test
    void attemptOfAnotherAgentIsForgottenAndGoesOnThere() throws Exception {
        liar.join(List.of(liar.finished(token, 10)));

        assertThat(liar.await(Action.ACTION_FORGET).getToken()).isEqualTo(token);

        assertThat(farm.run(run).getStatus()).isEqualTo(Status.STATUS_RUNNING);
        honestEnd();
    }

    @Test
    void attemptThatNeverWasIsForgotten() throws Exception {
        Token never = token.toBuilder().setAttempt("4711/1/1").build();

        liar.join(List.of(liar.running(never)));

        assertThat(liar.await(Action.ACTION_FORGET).getToken()).isEqualTo(never);
    }

    @Test
    void tokensOfAnotherFarmOrEpochCountForNothing() throws Exception {
        Token otherFarm = token.toBuilder().setFarmId("another-farm").build();
        Token otherEpoch = token.toBuilder().setEpoch(token.getEpoch() + 1).build();

        honest.tell(honest.finished(otherFarm, 0));
        assertThat(honest.await(Action.ACTION_FORGET).getToken()).isEqualTo(otherFarm);
        honest.tell(honest.finished(otherEpoch, 0));
        assertThat(honest.await(Action.ACTION_FORGET).getToken()).isEqualTo(otherEpoch);

        assertThat(farm.run(run).getStatus()).isEqualTo(Status.STATUS_RUNNING);
        honestEnd();
    }

    @Test
    void outputForAnothersAttemptIsRefused() throws Exception {
        liar.join(List.of());
        liar.print(token, 0, false, "forged");

        var answer = liar.acknowledgement();

        assertThat(answer.getStale()).isTrue();
        assertThat(answer.getRefusedReason()).contains("not this agent's");
        honestEnd();
        assertThat(farm.log(run)).containsExactly("true");
    }

    @Test
    void secretsOfAnothersAttemptAreNotHandedOut() throws Exception {
        liar.join(List.of());

        assertThatThrownBy(() -> liar.spec(token))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("belongs to another agent");
    }

    @Test
    void endIsNotRecordedBeforeTheOutputThatItVouchesForIsHere() throws Exception {
        honest.print(token, 0, false, "true");
        honest.acknowledgement();
        honest.tell(honest.finished(token, 20));
        honest.awaitAcknowledged();
        assertThat(farm.run(run).getStatus()).isEqualTo(Status.STATUS_RUNNING);

        honest.print(token, 1, true, "the rest");

        honest.await(Action.ACTION_FORGET);
        assertThat(farm.run(run).getConclusion()).isEqualTo(Conclusion.CONCLUSION_SUCCESS);
    }

    @Test
    void outputThatLeavesAHoleIsRefused() throws Exception {
        honest.print(token, 3, false, "from the middle");

        assertThat(honest.acknowledgement().getRefusedReason()).contains("chunk 0 is missing");
        honestEnd();
        assertThat(farm.log(run)).containsExactly("true");
    }

    @Test
    void secondEndOfAnAttemptChangesNothing() throws Exception {
        honestEnd();
        AttemptState.Builder failed = honest.finished(token, 10).toBuilder();
        failed.getResultBuilder()
                .setConclusion(Conclusion.CONCLUSION_FAILURE)
                .setCause(Cause.CAUSE_INFRASTRUCTURE);

        honest.tell(failed.build());

        assertThat(honest.await(Action.ACTION_FORGET).getToken()).isEqualTo(token);
        assertThat(farm.run(run).getConclusion()).isEqualTo(Conclusion.CONCLUSION_SUCCESS);
    }

    @Test
    void senselessMessageEndsTheConnectionAndNothingElse() throws Exception {
        var noTime = Timestamp.newBuilder().setSeconds(Long.MAX_VALUE);
        AttemptState.Builder step = liar.finished(token, 10).toBuilder();
        step.getStepsBuilder(0).setNumber(-7);

        liar.join(List.of(liar.running(token).toBuilder().setStartedAt(noTime).build()));
        assertThat(liar.next()).asString().contains("INVALID_ARGUMENT", "a time that there is not");
        liar.join(List.of(step.build()));
        assertThat(liar.next()).asString().contains("INVALID_ARGUMENT", "a step -7");
        liar.join(List.of(liar.running(token.toBuilder().setAttempt("no/such").build())));
        assertThat(liar.next()).asString().contains("INVALID_ARGUMENT", "is no attempt");

        honestEnd();
    }

    private void honestEnd() throws Exception {
        honest.print(token, 0, true, "true");
        honest.tell(honest.finished(token, 10));
        while (!honest.await(Action.ACTION_FORGET).getToken().equals(token)) {
            // An order for another token.
        }
        assertThat(farm.run(run).getConclusion()).isEqualTo(Conclusion.CONCLUSION_SUCCESS);
    }
}
