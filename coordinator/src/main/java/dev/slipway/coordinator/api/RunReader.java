package dev.slipway.coordinator.api;

import dev.slipway.api.v1.Attempt;
import dev.slipway.api.v1.Job;
import dev.slipway.api.v1.Run;
import dev.slipway.api.v1.Step;
import dev.slipway.coordinator.logs.LogStore;
import dev.slipway.coordinator.logs.StepKey;
import dev.slipway.coordinator.logs.StepLog;
import dev.slipway.coordinator.model.AttemptState;
import dev.slipway.coordinator.model.FarmView;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.Occupant;
import dev.slipway.coordinator.model.RunRecords;
import dev.slipway.coordinator.model.RunState;
import dev.slipway.coordinator.model.Status;
import dev.slipway.coordinator.model.StepState;
import dev.slipway.coordinator.storage.RunStore;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Puts together what the API shows of a run: its records, what its attempts found, how much its
/// steps have printed, who is in its way.
final class RunReader {
    private final RunStore runs;
    private final LogStore logs;
    private final Leadership leadership;

    RunReader(RunStore runs, LogStore logs, Leadership leadership) {
        this.runs = runs;
        this.logs = logs;
        this.leadership = leadership;
    }

    /// @throws SlipwayException RUN_NOT_FOUND when there is no such run; NOT_LEADER when only the
    ///   leader can know
    RunStore.Recorded recorded(long run) {
        Optional<RunStore.Recorded> found = runs.run(run);
        if (found.isEmpty()) {
            leadership.require();
        }
        return found.orElseThrow(() -> RunStore.noRun(run));
    }

    Run run(RunState run) throws InterruptedException {
        boolean blocked = run.status() == Status.BLOCKED;
        return Messages.run(run, blocked ? leadership.read(farm -> holders(farm, run)) : List.of());
    }

    private static List<Long> holders(FarmView farm, RunState run) {
        return run.head()
                .concurrency()
                .flatMap(group -> farm.holder(run.head().project(), group.group()))
                .map(Occupant::run)
                .map(List::of)
                .orElse(List.of());
    }

    /// Jobs that changed after a position, in plan order.
    List<Job> jobs(RunRecords records, long after) {
        var jobs = new ArrayList<Job>();
        for (JobState job : records.shownInPlanOrder()) {
            List<AttemptState> attempts = records.attemptsOf(job);
            long changed =
                    Math.max(
                            job.changedAt(),
                            attempts.stream().mapToLong(AttemptState::changedAt).max().orElse(0));
            if (changed > after) {
                jobs.add(Messages.job(job, attempts.stream().map(this::attempt).toList(), changed));
            }
        }
        return jobs;
    }

    private Attempt attempt(AttemptState attempt) {
        return Messages.attempt(
                attempt,
                attempt.steps().stream().map(step -> step(attempt, step)).toList(),
                runs.findings(attempt.id()));
    }

    private Step step(AttemptState attempt, StepState step) {
        long bytes =
                logs.step(new StepKey(attempt.id(), step.number()))
                        .map(StepLog::rawEnd)
                        .orElse(Math.max(0, step.logEnd()));
        return Messages.step(step, bytes);
    }

    /// The jobs that a caller means: a key, a name, or a node with all its legs.
    ///
    /// @param wanted empty: all
    /// @throws SlipwayException when the run has no such job
    static List<JobState> select(RunRecords records, String wanted) {
        List<JobState> all = records.shownInPlanOrder();
        if (wanted.isEmpty()) {
            return all;
        }
        List<JobState> found =
                all.stream()
                        .filter(
                                job ->
                                        job.node().key().equals(wanted)
                                                || job.plan().name().equals(wanted)
                                                || job.node().node().equals(wanted))
                        .toList();
        if (found.isEmpty()) {
            String names =
                    String.join(
                            ", ", all.stream().limit(20).map(job -> job.plan().name()).toList());
            throw new SlipwayException(
                    ErrorCode.JOB_NOT_FOUND,
                    "Run %d has no job '%s'. Its jobs: %s"
                            .formatted(records.run().number(), wanted, names));
        }
        return found;
    }
}
