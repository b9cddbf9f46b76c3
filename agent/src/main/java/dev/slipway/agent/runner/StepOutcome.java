package dev.slipway.agent.runner;

import dev.slipway.expression.Value;

/// How a step ended and what it wants changed.
///
/// @param conclusion after continue-on-error
/// @param outcome before it
record StepOutcome(Conclusion conclusion, Conclusion outcome, Effects effects) {
    static final StepOutcome SKIPPED = of(Conclusion.SKIPPED);

    static StepOutcome of(Conclusion conclusion) {
        return new StepOutcome(conclusion, conclusion, Effects.NONE);
    }

    static StepOutcome of(Conclusion conclusion, Effects effects) {
        return new StepOutcome(conclusion, conclusion, effects);
    }

    /// The same with `continue-on-error: true`.
    StepOutcome forgiven() {
        return outcome == Conclusion.FAILURE
                ? new StepOutcome(Conclusion.SUCCESS, outcome, effects)
                : this;
    }

    Value toValue() {
        return Values.object(
                "conclusion", conclusion, "outcome", outcome, "effects", effects.toValue());
    }

    static StepOutcome fromValue(Value value) {
        return new StepOutcome(
                Conclusion.valueOf(value.get("conclusion").text()),
                Conclusion.valueOf(value.get("outcome").text()),
                Effects.fromValue(value.get("effects")));
    }
}
