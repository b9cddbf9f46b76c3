package dev.slipway.agent.runner;

import dev.slipway.expression.Condition;
import dev.slipway.expression.Vocabulary;
import dev.slipway.workflow.Computed;
import dev.slipway.workflow.Guard;
import dev.slipway.workflow.Position;
import dev.slipway.workflow.Step;

import java.util.Optional;

/// Headers of steps that no workflow writes down.
final class Headers {
    private static final Guard ALWAYS =
            new Guard(
                    Condition.parse("always()", Vocabulary.ANY),
                    "always()",
                    Position.START,
                    offset -> Position.START);

    private Headers() {}

    /// A step of Slipway's own, which runs whatever has happened.
    static Step.Header own(String id) {
        return new Step.Header(
                id,
                false,
                Optional.empty(),
                ALWAYS,
                Computed.emptyMapping(Position.START),
                Optional.empty(),
                Optional.empty(),
                false,
                Position.START);
    }

    /// The pre or post stage of a step: it runs whatever has happened, without a time limit.
    static Step.Header stageOf(Step.Header step) {
        return new Step.Header(
                step.id(),
                false,
                step.name(),
                ALWAYS,
                step.env(),
                Optional.empty(),
                Optional.empty(),
                false,
                step.position());
    }
}
