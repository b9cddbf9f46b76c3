package dev.slipway.error;

import java.util.Map;

/// An error with a stable code, on its way to the edge that reports it.
public final class SlipwayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// With NOT_LEADER: HOST:PORT of the coordinator that leads.
    public static final String LEADER = "leader";

    private final ErrorCode code;
    private final transient Map<String, String> details;

    public SlipwayException(ErrorCode code, String message) {
        super(message);
        this.code = code;
        this.details = Map.of();
    }

    /// @param details for programs; they travel as metadata of `google.rpc.ErrorInfo`
    public SlipwayException(ErrorCode code, String message, Map<String, String> details) {
        super(message);
        this.code = code;
        this.details = Map.copyOf(details);
    }

    public SlipwayException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.details = Map.of();
    }

    /// The same error with details.
    public SlipwayException with(Map<String, String> more) {
        var detailed = new SlipwayException(code, getMessage(), more);
        Throwable cause = getCause();
        if (cause != null) {
            detailed.initCause(cause);
        }
        return detailed;
    }

    public ErrorCode code() {
        return code;
    }

    /// What programs need to know beside the code, by name.
    public Map<String, String> details() {
        return details;
    }

    /// The message; never null, because every constructor asks for one.
    @Override
    public String getMessage() {
        return java.util.Objects.requireNonNull(super.getMessage());
    }
}
