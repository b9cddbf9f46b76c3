package dev.slipway.agent.output;

/// What one step's workflow commands may do.
///
/// @param step its number in the attempt, for {@link CommandId}
/// @param debug whether `::debug::` is shown and commands are echoed (`ACTIONS_STEP_DEBUG`)
/// @param unsecureCommands whether `::set-env::` and `::add-path::` work
///   (`ACTIONS_ALLOW_UNSECURE_COMMANDS` is `true` in the step's environment)
/// @param unsecureStopTokens whether any word may stop the commands
///   (`ACTIONS_ALLOW_UNSECURE_STOPCOMMAND_TOKENS`)
public record CommandSettings(
        int step, boolean debug, boolean unsecureCommands, boolean unsecureStopTokens) {}
