package dev.slipway.agent.output;

/// Names one effect of one line of output: the same after a restart of the agent.
///
/// @param step number of the step in its attempt
/// @param rawOffset where the line starts in the step's raw output
/// @param ordinal counts the effects of one line from 0
public record CommandId(int step, long rawOffset, int ordinal) {
    /// `STEP:RAW_OFFSET:N`
    @Override
    public String toString() {
        return step + ":" + rawOffset + ":" + ordinal;
    }
}
