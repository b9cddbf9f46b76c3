package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.model.Event;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.Refusal;

import java.util.List;

/// What becomes of a command.
sealed interface Decision<A> {
    /// It is not done.
    record Refused<A>(Refusal refusal) implements Decision<A> {}

    /// It is done by these events.
    record Accepted<A>(List<Event> events, A answer) implements Decision<A> {
        public Accepted {
            events = List.copyOf(events);
        }
    }

    static <A> Decision<A> refused(ErrorCode code, String message) {
        return new Refused<>(new Refusal(code, message));
    }
}
