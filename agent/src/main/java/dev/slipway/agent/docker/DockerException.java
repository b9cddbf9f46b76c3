package dev.slipway.agent.docker;

import java.io.IOException;

/// The engine refuses, fails or does not answer. The message is for people: what, why, what to do.
public sealed class DockerException extends IOException permits ImageRefusedException {
    private static final long serialVersionUID = 1L;

    public DockerException(String message, Throwable cause) {
        super(message, cause);
    }

    public DockerException(String message) {
        super(message);
    }
}
