package dev.slipway.workflow;

import dev.slipway.expression.Value;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// An input of `workflow_dispatch` or `workflow_call`.
///
/// @param id the name, compared ignoring case
/// @param type what values it takes
/// @param required whether the caller must give it
/// @param defaultValue used when the caller gives none; may hold expressions only for
///   `workflow_call` ({@link Vocabularies#CALL_INPUT_DEFAULT})
/// @param options the allowed values of a choice, in file order
/// @param description for people
/// @param deprecationMessage warns whoever gives the input
public record InputSpec(
        String id,
        Type type,
        boolean required,
        Optional<Computed> defaultValue,
        List<String> options,
        String description,
        Optional<String> deprecationMessage,
        Position position) {

    /// What values an input takes.
    public enum Type {
        STRING,
        BOOLEAN,
        NUMBER,
        CHOICE,
        ENVIRONMENT;

        /// The word in the file: `boolean`.
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// What an input of this type is when nobody gives a value: `""`, `false` or `0`.
        public Value unset() {
            return switch (this) {
                case STRING, CHOICE, ENVIRONMENT -> Value.of("");
                case BOOLEAN -> Value.of(false);
                case NUMBER -> Value.of(0);
            };
        }
    }

    public InputSpec {
        options = List.copyOf(options);
    }
}
