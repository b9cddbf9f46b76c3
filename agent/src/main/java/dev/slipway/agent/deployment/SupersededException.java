package dev.slipway.agent.deployment;

/// A later deployment has the target: this one must not touch it any more.
public final class SupersededException extends Exception {
    private static final long serialVersionUID = 1;

    public SupersededException(String message) {
        super(message);
    }
}
