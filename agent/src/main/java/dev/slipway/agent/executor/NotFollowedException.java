package dev.slipway.agent.executor;

/// Somebody waited for a process that is not followed any more.
final class NotFollowedException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    NotFollowedException(String step) {
        super("The process " + step + " is not followed any more; adopt it again.");
    }
}
