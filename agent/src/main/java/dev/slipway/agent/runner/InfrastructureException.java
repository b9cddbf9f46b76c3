package dev.slipway.agent.runner;

/// The machine or the agent failed the attempt, not the workflow: the farm may try it elsewhere.
final class InfrastructureException extends RuntimeException {
    private static final long serialVersionUID = 1;

    InfrastructureException(String message) {
        super(message);
    }

    InfrastructureException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public String getMessage() {
        return java.util.Objects.requireNonNull(super.getMessage());
    }
}
