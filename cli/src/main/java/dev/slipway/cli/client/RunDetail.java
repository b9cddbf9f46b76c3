package dev.slipway.cli.client;

import java.util.List;
import java.util.Optional;

/// A run with all its jobs, in plan order.
///
/// @param position what a watch goes on from
public record RunDetail(Run run, List<Job> jobs, long position) {
    public Optional<Job> job(int ordinal) {
        return jobs.stream().filter(job -> job.ordinal() == ordinal).findFirst();
    }
}
