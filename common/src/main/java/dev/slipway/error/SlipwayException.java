package dev.slipway.error;

/// An error with a stable code, on its way to the edge that reports it.
public final class SlipwayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    public SlipwayException(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    public SlipwayException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }

    /// The message; never null, because every constructor asks for one.
    @Override
    public String getMessage() {
        return java.util.Objects.requireNonNull(super.getMessage());
    }
}
