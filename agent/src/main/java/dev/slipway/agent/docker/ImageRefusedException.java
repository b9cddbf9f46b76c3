package dev.slipway.agent.docker;

/// A registry answers, and does not give an image: the login is wrong or missing, or there is no
/// such image. Asking again would change nothing.
public final class ImageRefusedException extends DockerException {
    private static final long serialVersionUID = 1L;

    ImageRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
