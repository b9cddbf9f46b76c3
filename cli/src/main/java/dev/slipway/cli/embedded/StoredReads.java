package dev.slipway.cli.embedded;

import dev.slipway.cli.client.ArtifactInfo;
import dev.slipway.cli.client.Attempt;
import dev.slipway.cli.client.DeliveryReads;
import dev.slipway.cli.client.FarmReads;
import dev.slipway.cli.client.Job;
import dev.slipway.cli.client.LogQuery;
import dev.slipway.cli.client.LogText;
import dev.slipway.cli.client.Run;
import dev.slipway.cli.client.RunDetail;
import dev.slipway.cli.client.RunFilter;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.coordinator.StoredFarm;
import dev.slipway.coordinator.blobs.ArtifactStore;
import dev.slipway.coordinator.blobs.ZipStream;
import dev.slipway.coordinator.logs.LogCursor;
import dev.slipway.coordinator.logs.LogReader;
import dev.slipway.coordinator.logs.StepKey;
import dev.slipway.coordinator.model.AttemptState;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.RunRecords;
import dev.slipway.coordinator.model.RunState;
import dev.slipway.coordinator.model.Status;
import dev.slipway.coordinator.storage.RunPage;
import dev.slipway.coordinator.storage.RunStore;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.AttemptId;
import dev.slipway.wire.LogLine;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// The runs of an embedded farm that nobody serves, read straight from its tables and files without
/// changing anything.
final class StoredReads implements FarmReads {
    private static final int PAGE = 500;
    private static final int PAGE_BYTES = 256 << 10;

    private final StoredFarm stored;
    private final RunStore runs;

    private StoredReads(StoredFarm stored) {
        this.stored = stored;
        this.runs = stored.runs();
    }

    static StoredReads open(StateFolder state, Ports ports) {
        return new StoredReads(StoredFarm.open(state.data(), ports.clock()));
    }

    /// Whether a killed process left something to be gone on with.
    boolean hasUnfinishedRuns() {
        for (Status status : Status.values()) {
            var filter =
                    new dev.slipway.coordinator.storage.RunFilter(
                            "",
                            "",
                            "",
                            Optional.of(status),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty());
            if (status != Status.FINISHED && !runs.list(filter, 1, 0).runs().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /// @throws SlipwayException when there is no such run
    private RunStore.Recorded recorded(long run) {
        return runs.run(run).orElseThrow(() -> RunStore.noRun(run));
    }

    @Override
    public RunDetail get(long run) {
        RunStore.Recorded recorded = recorded(run);
        RunRecords records = recorded.records();
        List<Job> jobs =
                records.shownInPlanOrder().stream()
                        .map(job -> StoredRecords.job(job, attempts(records, job)))
                        .toList();
        return new RunDetail(StoredRecords.run(records.run()), jobs, recorded.position());
    }

    private List<Attempt> attempts(RunRecords records, JobState job) {
        return records.attemptsOf(job).stream()
                .map(
                        (AttemptState attempt) ->
                                StoredRecords.attempt(attempt, runs.findings(attempt.id())))
                .toList();
    }

    @Override
    public List<Run> list(RunFilter filter) {
        var stored =
                new dev.slipway.coordinator.storage.RunFilter(
                        filter.project(),
                        filter.workflow(),
                        filter.branch(),
                        Optional.ofNullable(filter.status())
                                .map(status -> Status.valueOf(status.name())),
                        Optional.ofNullable(filter.conclusion())
                                .map(
                                        conclusion ->
                                                dev.slipway.coordinator.model.Conclusion.valueOf(
                                                        conclusion.name())),
                        Optional.ofNullable(filter.after()),
                        Optional.ofNullable(filter.before()));
        var found = new ArrayList<Run>();
        long next = 0;
        do {
            RunPage page = runs.list(stored, Math.min(PAGE, filter.limit() - found.size()), next);
            for (RunState run : page.runs()) {
                found.add(StoredRecords.run(run));
            }
            next = page.next();
        } while (next != 0 && found.size() < filter.limit());
        return found;
    }

    @Override
    public void readLog(LogQuery query, Consumer<List<LogText>> lines) {
        RunRecords records = recorded(query.run()).records();
        List<AttemptId> order = order(records, query);
        var filter =
                new LogReader.Filter(
                        wantedStep(records, query.step()),
                        line -> !query.processOnly() || line.kind() != LogLine.Kind.META);
        LogReader reader = stored.logs();
        LogReader.Page page;
        LogCursor.Planned from = LogCursor.START;
        do {
            page = reader.planned(order, filter, from, PAGE_BYTES);
            if (!page.lines().isEmpty()) {
                lines.accept(page.lines().stream().map(StoredReads::line).toList());
            }
            from = (LogCursor.Planned) page.next();
        } while (page.more());
    }

    private static List<AttemptId> order(RunRecords records, LogQuery query) {
        List<JobState> chosen =
                records.shownInPlanOrder().stream()
                        .filter(job -> query.job().isEmpty() || isCalled(job, query.job()))
                        .toList();
        if (chosen.isEmpty() && !query.job().isEmpty()) {
            throw new SlipwayException(
                    ErrorCode.JOB_NOT_FOUND,
                    "Run %d has no job '%s'. Its jobs: %s"
                            .formatted(
                                    query.run(),
                                    query.job(),
                                    String.join(
                                            ", ",
                                            records.shownInPlanOrder().stream()
                                                    .map(job -> job.plan().name())
                                                    .toList())));
        }
        var order = new ArrayList<AttemptId>();
        for (JobState job : chosen) {
            int number = query.attempt() == 0 ? job.attempts() : query.attempt();
            if (number > 0) {
                order.add(job.id().attempt(number));
            }
        }
        return order;
    }

    private static boolean isCalled(JobState job, String name) {
        return job.node().key().equals(name)
                || job.plan().name().equals(name)
                || job.node().node().equals(name);
    }

    private static Predicate<StepKey> wantedStep(RunRecords records, String wanted) {
        return step ->
                wanted.isEmpty()
                        || wanted.equals(Integer.toString(step.step()))
                        || records.attempts().stream()
                                .filter(attempt -> attempt.id().equals(step.attempt()))
                                .flatMap(attempt -> attempt.steps().stream())
                                .filter(state -> state.number() == step.step())
                                .anyMatch(
                                        state ->
                                                state.name().equals(wanted)
                                                        || state.id().equals(wanted));
    }

    private static LogText line(LogReader.Line line) {
        LogLine.Kind kind = line.line().kind();
        AttemptId attempt = line.step().attempt();
        return new LogText(
                attempt.job().job(),
                attempt.number(),
                line.step().step(),
                line.line().at(),
                line.line().text(),
                kind == LogLine.Kind.GAP,
                kind == LogLine.Kind.META);
    }

    @Override
    public List<ArtifactInfo> artifacts(long run) {
        recorded(run);
        return stored.artifacts().list(run).stream().map(StoredRecords::artifact).toList();
    }

    @Override
    public void download(long run, String artifact, OutputStream to) throws IOException {
        ArtifactStore artifacts = stored.artifacts();
        new ZipStream(stored.blobs()).write(artifacts.files(artifacts.find(run, artifact)), to);
    }

    @Override
    public DeliveryReads deliveries() {
        return new StoredDeliveries(stored.deployments());
    }

    @Override
    public void close() {
        stored.close();
    }
}
