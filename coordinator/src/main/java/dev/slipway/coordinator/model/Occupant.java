package dev.slipway.coordinator.model;

import dev.slipway.id.JobId;

/// Who holds or wants a concurrency group: a run (`job` is 0) or one job of it.
public record Occupant(long run, int job) implements Comparable<Occupant> {
    public static Occupant of(JobId job) {
        return new Occupant(job.run(), job.job());
    }

    public static Occupant ofRun(long run) {
        return new Occupant(run, 0);
    }

    public boolean isRun() {
        return job == 0;
    }

    /// @throws IllegalArgumentException when this is a run
    public JobId jobId() {
        return new JobId(run, job);
    }

    @Override
    public int compareTo(Occupant other) {
        int byRun = Long.compare(run, other.run);
        return byRun != 0 ? byRun : Integer.compare(job, other.job);
    }
}
