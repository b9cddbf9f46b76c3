package dev.slipway.agent.actions;

/// A built-in action fails its step; the message is shown as an error.
public final class ActionFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ActionFailure(String message) {
        super(message);
    }

    public ActionFailure(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public String getMessage() {
        return java.util.Objects.requireNonNull(super.getMessage());
    }
}
