package dev.slipway.error;

/// Why something that was asked for is not done, as a value: what happened, why, what to do.
public record Refusal(ErrorCode code, String message) {
    public SlipwayException asException() {
        return new SlipwayException(code, message);
    }
}
