package dev.slipway.agent.deployment;

/// The target could not bring a version to run: expected, and answered by going back.
public final class RolloutException extends Exception {
    private static final long serialVersionUID = 1;

    public RolloutException(String message) {
        super(message);
    }

    public RolloutException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public String getMessage() {
        return java.util.Objects.requireNonNullElse(super.getMessage(), "");
    }
}
