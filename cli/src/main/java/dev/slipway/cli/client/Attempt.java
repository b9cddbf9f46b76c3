package dev.slipway.cli.client;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/// One attempt at a job.
///
/// @param cause why it ended: `success`, `user_failure`, `timeout`, `cancelled`, `agent_lost`,
///   `infrastructure`, `policy`; empty while it goes on
/// @param causeDetail the cause in words
/// @param logIncomplete the log has a hole, shown as a gap
public record Attempt(
        int number,
        int runAttempt,
        Status status,
        @Nullable Conclusion conclusion,
        String cause,
        String causeDetail,
        String agent,
        @Nullable Instant leasedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable Instant cancelAcknowledgedAt,
        List<Step> steps,
        List<Annotation> annotations,
        List<Summary> summaries,
        @Nullable TestReport tests,
        boolean logIncomplete) {
    /// What a step wrote for people, in Markdown.
    public record Summary(int step, String markdown) {}
}
