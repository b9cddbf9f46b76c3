package dev.slipway.id;

/// One attempt at a job, numbered from 1. Written `41/3/1`.
public record AttemptId(JobId job, int number) implements Comparable<AttemptId> {
    public AttemptId {
        if (number < 1) {
            throw new IllegalArgumentException("no such attempt: %s/%d".formatted(job, number));
        }
    }

    /// Reads `RUN/JOB/ATTEMPT`.
    ///
    /// @throws IllegalArgumentException when the text has another form
    public static AttemptId parse(String text) {
        int slash = text.lastIndexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("'%s' is not RUN/JOB/ATTEMPT".formatted(text));
        }
        return JobId.parse(text.substring(0, slash))
                .attempt(Integer.parseInt(text.substring(slash + 1)));
    }

    public long run() {
        return job.run();
    }

    @Override
    public int compareTo(AttemptId other) {
        int byJob = job.compareTo(other.job);
        return byJob != 0 ? byJob : Integer.compare(number, other.number);
    }

    @Override
    public String toString() {
        return job + "/" + number;
    }
}
