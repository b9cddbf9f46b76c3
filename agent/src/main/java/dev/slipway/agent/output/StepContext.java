package dev.slipway.agent.output;

/// What a step's output is processed with: the attempt's secrets and matchers, its files, and who
/// hears the commands.
public record StepContext(
        Masks masks, ProblemMatchers matchers, SourceFiles files, CommandSink sink) {}
