package dev.slipway.error;

/// Every error that leaves a process: a stable name (it travels as `google.rpc.ErrorInfo.reason`),
/// its kind, the gRPC status that carries it, and the exit code of the CLI.
public enum ErrorCode {
    INVALID_ARGUMENT(Kind.REFUSAL, "INVALID_ARGUMENT", 2),
    INVALID_WORKFLOW(Kind.REFUSAL, "INVALID_ARGUMENT", 2),
    UNSUPPORTED_WORKFLOW(Kind.REFUSAL, "FAILED_PRECONDITION", 2),
    RUN_NOT_FOUND(Kind.REFUSAL, "NOT_FOUND", 4),
    JOB_NOT_FOUND(Kind.REFUSAL, "NOT_FOUND", 4),
    AGENT_NOT_FOUND(Kind.REFUSAL, "NOT_FOUND", 4),
    ARTIFACT_NOT_FOUND(Kind.REFUSAL, "NOT_FOUND", 4),
    BLOB_NOT_FOUND(Kind.REFUSAL, "NOT_FOUND", 4),
    ENVIRONMENT_NOT_FOUND(Kind.REFUSAL, "NOT_FOUND", 4),
    DEPLOYMENT_NOT_FOUND(Kind.REFUSAL, "NOT_FOUND", 4),
    INCIDENT_NOT_FOUND(Kind.REFUSAL, "NOT_FOUND", 4),
    NOTIFICATION_NOT_FOUND(Kind.REFUSAL, "NOT_FOUND", 4),
    ALREADY_EXISTS(Kind.REFUSAL, "ALREADY_EXISTS", 4),
    RUN_ALREADY_FINISHED(Kind.REFUSAL, "FAILED_PRECONDITION", 4),
    RUN_NOT_FINISHED(Kind.REFUSAL, "FAILED_PRECONDITION", 4),
    STALE_EPOCH(Kind.REFUSAL, "FAILED_PRECONDITION", 4),
    STALE_ATTEMPT(Kind.REFUSAL, "FAILED_PRECONDITION", 4),
    AGENT_NAME_TAKEN(Kind.REFUSAL, "ALREADY_EXISTS", 4),
    NOT_LEADER(Kind.REFUSAL, "UNAVAILABLE", 3),
    POSITION_TRIMMED(Kind.REFUSAL, "OUT_OF_RANGE", 4),
    OVERLOADED(Kind.REFUSAL, "RESOURCE_EXHAUSTED", 4),
    QUOTA_EXCEEDED(Kind.REFUSAL, "RESOURCE_EXHAUSTED", 4),
    DIGEST_MISMATCH(Kind.ENVIRONMENT, "DATA_LOSS", 4),
    STORAGE_FAILED(Kind.ENVIRONMENT, "UNAVAILABLE", 3),
    FARM_UNREACHABLE(Kind.ENVIRONMENT, "UNAVAILABLE", 3),
    DEADLINE_EXCEEDED(Kind.ENVIRONMENT, "DEADLINE_EXCEEDED", 3),
    INTERNAL(Kind.BUG, "INTERNAL", 70);

    private final Kind kind;
    private final String grpcStatus;
    private final int exitCode;

    ErrorCode(Kind kind, String grpcStatus, int exitCode) {
        this.kind = kind;
        this.grpcStatus = grpcStatus;
        this.exitCode = exitCode;
    }

    public Kind kind() {
        return kind;
    }

    /// The name of the `io.grpc.Status.Code` that carries this error.
    public String grpcStatus() {
        return grpcStatus;
    }

    /// What the CLI exits with: 2 usage or invalid workflow, 3 cannot reach the farm, 4 refused, 70
    /// a bug (sysexits' EX_SOFTWARE).
    public int exitCode() {
        return exitCode;
    }

    /// What an error asks of whoever meets it.
    public enum Kind {
        /// Expected: the caller must ask for something else.
        REFUSAL,
        /// The world failed (I/O): retried at the edge, bounded.
        ENVIRONMENT,
        /// A broken invariant: logged, never gone on from in doubt.
        BUG
    }
}
