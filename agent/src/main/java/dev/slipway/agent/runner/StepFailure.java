package dev.slipway.agent.runner;

/// A step fails for a reason that its log shows as an error.
final class StepFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    StepFailure(String message) {
        super(message);
    }

    StepFailure(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public String getMessage() {
        return java.util.Objects.requireNonNull(super.getMessage());
    }
}
