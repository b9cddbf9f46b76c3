package dev.slipway.id;

/// One job of one run: the run's number and the job's ordinal in it (from 1, in the order in which
/// jobs came into being). Written `41/3`.
public record JobId(long run, int job) implements Comparable<JobId> {
    public JobId {
        if (run < 1 || job < 1) {
            throw new IllegalArgumentException("no such job: run %d, job %d".formatted(run, job));
        }
    }

    /// Reads `RUN/JOB`.
    ///
    /// @throws IllegalArgumentException when the text has another form
    public static JobId parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("'%s' is not RUN/JOB".formatted(text));
        }
        return new JobId(
                Long.parseLong(text.substring(0, slash)),
                Integer.parseInt(text.substring(slash + 1)));
    }

    /// The `number`th attempt (from 1) at this job.
    public AttemptId attempt(int number) {
        return new AttemptId(this, number);
    }

    @Override
    public int compareTo(JobId other) {
        int byRun = Long.compare(run, other.run);
        return byRun != 0 ? byRun : Integer.compare(job, other.job);
    }

    @Override
    public String toString() {
        return run + "/" + job;
    }
}
