package dev.slipway.coordinator.sessions;

import com.google.protobuf.Timestamp;

import dev.slipway.agent.v1.AgentIdentity;
import dev.slipway.agent.v1.AttemptState;
import dev.slipway.agent.v1.Capacity;
import dev.slipway.agent.v1.ExchangeRequest;
import dev.slipway.agent.v1.StepState;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.util.function.Supplier;

/// Refuses what no agent in its right mind says, before anything is done with it: numbers out of
/// range, texts out of all proportion. Whether it is true is checked later, against the farm.
final class Sense {
    static final int MOST_SLOTS = 1_000;
    private static final int LONGEST_TEXT = 200;
    private static final int MOST_LABELS = 200;
    private static final int MOST_STEPS = 100_000;

    /// 0001-01-01 and 9999-12-31: what a protobuf timestamp may say.
    private static final long FIRST_SECOND = -62_135_596_800L;

    private static final long LAST_SECOND = 253_402_300_799L;

    private Sense() {}

    /// @throws SlipwayException INVALID_ARGUMENT, saying what makes no sense
    static void require(ExchangeRequest request) {
        if (request.hasIdentity()) {
            identity(request.getIdentity());
        }
        if (request.hasCapacity()) {
            capacity(request.getCapacity());
        }
        request.getAttemptsList().forEach(Sense::attempt);
    }

    private static void identity(AgentIdentity said) {
        text("agent id", said.getAgentId());
        text("name", said.getName());
        text("boot id", said.getBootId());
        text("process id", said.getProcessId());
        text("version", said.getVersion());
    }

    private static void capacity(Capacity said) {
        check(
                said.getSlots() >= 0 && said.getSlots() <= MOST_SLOTS,
                () -> "%d slots (0 to %d are possible)".formatted(said.getSlots(), MOST_SLOTS));
        check(said.getLabelsCount() <= MOST_LABELS, () -> said.getLabelsCount() + " labels");
        said.getLabelsList().forEach(label -> text("label", label));
    }

    private static void attempt(AttemptState said) {
        String name = said.getToken().getAttempt();
        check(said.getStepsCount() <= MOST_STEPS, () -> name + " with too many steps");
        time(name, said.getStartedAt());
        time(name, said.getCancelAcknowledgedAt());
        time(name, said.getResult().getFinishedAt());
        for (StepState step : said.getStepsList()) {
            check(
                    step.getNumber() >= 0 && step.getNumber() < MOST_STEPS,
                    () -> name + " with a step " + step.getNumber());
            check(
                    step.getLogEnd() >= -1,
                    () -> name + " with a log that ends at " + step.getLogEnd());
            time(name, step.getStartedAt());
            time(name, step.getFinishedAt());
        }
    }

    private static void text(String what, String said) {
        boolean fine =
                said.length() <= LONGEST_TEXT && said.chars().noneMatch(Character::isISOControl);
        check(
                fine,
                () ->
                        "a %s of %d characters or with control characters"
                                .formatted(what, said.length()));
    }

    private static void time(String attempt, Timestamp said) {
        boolean fine =
                said.getSeconds() >= FIRST_SECOND
                        && said.getSeconds() <= LAST_SECOND
                        && said.getNanos() >= 0
                        && said.getNanos() < 1_000_000_000;
        check(
                fine,
                () ->
                        "%s at a time that there is not (%d s)"
                                .formatted(attempt, said.getSeconds()));
    }

    private static void check(boolean fine, Supplier<String> what) {
        if (!fine) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "The agent says something that cannot be: %s. Its program is broken or not an"
                                    .formatted(what.get())
                            + " agent.");
        }
    }
}
