package dev.slipway.cli.client;

/// Which lines to read.
///
/// @param job key or name; empty means all jobs, in plan order
/// @param attempt 0 means the latest
/// @param step number or name; empty means all
/// @param follow goes on until the run, or the job, has finished
/// @param processOnly leaves out what Slipway itself writes
public record LogQuery(
        long run, String job, int attempt, String step, boolean follow, boolean processOnly) {
    /// All lines of a run as they are written.
    public static LogQuery follow(long run) {
        return new LogQuery(run, "", 0, "", true, false);
    }
}
