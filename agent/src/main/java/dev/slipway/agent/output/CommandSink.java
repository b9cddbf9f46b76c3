package dev.slipway.agent.output;

import dev.slipway.expression.Value;

/// Hears what the workflow commands in a step's output ask for.
///
/// A command is told before the log chunk with its line is on disk, and its effect must survive the
/// agent when the method returns: after a restart, commands above the last chunk on disk are told
/// again with the same id, those below it never.
public interface CommandSink {
    /// `::error::`, `::warning::`, `::notice::`, or a problem matcher that matched.
    void annotation(Annotation annotation);

    /// `::set-output::` (deprecated, works).
    void output(CommandId id, String name, String value);

    /// `::save-state::` (deprecated, works).
    void state(CommandId id, String name, String value);

    /// `::set-env::`, only where insecure commands are allowed.
    void env(CommandId id, String name, String value);

    /// `::add-path::`, only where insecure commands are allowed.
    void path(CommandId id, String path);

    /// `::add-mask::`; the step's {@link Masks} have it already. To be added again for later steps
    /// after a restart.
    void mask(CommandId id, String secret);

    /// `::add-matcher::` and `::remove-matcher::`: all matchers that are now registered, for {@link
    /// ProblemMatchers#restore} after a restart.
    void matchers(CommandId id, Value matchers);

    /// A command that cannot be obeyed: the step fails even if its process exits with 0.
    void fail(CommandId id, String why);
}
