package dev.slipway.agent.executor;

import java.io.IOException;

/// A range of a process's output is gone and will not come back: its file was removed, or the disk
/// was full. Reading goes on at {@link #resumeAt}.
public final class OutputLostException extends IOException {
    private static final long serialVersionUID = 1;

    private final long resumeAt;

    public OutputLostException(String message, long resumeAt) {
        super(message);
        this.resumeAt = resumeAt;
    }

    /// The next raw offset that can be read. Equal to the offset asked for when the number of lost
    /// bytes is unknown (they were never recorded); the end of the output follows then.
    public long resumeAt() {
        return resumeAt;
    }
}
