package dev.slipway.coordinator.api;

import com.google.protobuf.UnsafeByteOperations;

import dev.slipway.api.v1.LogLine;
import dev.slipway.api.v1.LogServiceGrpc;
import dev.slipway.api.v1.ReadLogRequest;
import dev.slipway.api.v1.ReadLogResponse;
import dev.slipway.coordinator.logs.LogCursor;
import dev.slipway.coordinator.logs.LogReader;
import dev.slipway.coordinator.logs.LogStore;
import dev.slipway.coordinator.logs.StepKey;
import dev.slipway.coordinator.model.AttemptState;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.RunRecords;
import dev.slipway.id.AttemptId;
import dev.slipway.id.JobId;
import dev.slipway.wire.LogLine.Kind;

import io.grpc.stub.StreamObserver;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What steps printed. A run that has ended, and a chosen step, are read in plan order; a run that
/// is still under way is followed in the order in which its output arrives.
final class LogApi extends LogServiceGrpc.LogServiceImplBase {
    private static final int PAGE_BYTES = 256 << 10;

    private final Calls calls;
    private final Leadership leadership;
    private final RunReader runs;
    private final RunWatch watch;
    private final LogStore logs;
    private final LogReader reader;

    LogApi(Calls calls, ApiParts parts, RunReader runs, RunWatch watch) {
        this.calls = calls;
        this.leadership = parts.leadership();
        this.runs = runs;
        this.watch = watch;
        this.logs = parts.logs();
        this.reader = new LogReader(logs);
    }

    @Override
    public void readLog(ReadLogRequest request, StreamObserver<ReadLogResponse> answers) {
        calls.stream(
                answers,
                out -> {
                    leadership.await(request.getAtLeastPosition());
                    new Reading(request, out).run();
                });
    }

    /// One call.
    private final class Reading {
        private final ReadLogRequest request;
        private final ServerStream<ReadLogResponse> out;
        private final Bell bell = new Bell();

        /// The attempts that were the latest when reading began: earlier ones are left out.
        private final Map<JobId, Integer> oldest = new HashMap<>();

        private RunRecords records;
        private LogCursor cursor;

        Reading(ReadLogRequest request, ServerStream<ReadLogResponse> out) {
            this.request = request;
            this.out = out;
            this.records = runs.recorded(request.getRun()).records();
            boolean byArrival = request.getFollow() && !ended() && request.getStep().isEmpty();
            this.cursor = byArrival ? new LogCursor.Arrived(0, 0) : LogCursor.START;
            if (!request.getCursor().isEmpty()) {
                this.cursor = LogCursor.parse(request.getCursor());
            }
            records.jobs().forEach(job -> oldest.put(job.id(), Math.max(1, job.attempts())));
        }

        void run() throws InterruptedException {
            try (var _ = logs.follow(request.getRun(), bell::ring);
                    var _ = watch.watch(request.getRun(), bell)) {
                while (true) {
                    long rings = bell.rings();
                    records = runs.recorded(request.getRun()).records();
                    boolean last = !request.getFollow() || ended();
                    readAll();
                    if (last) {
                        return;
                    }
                    bell.await(rings);
                }
            }
        }

        private boolean ended() {
            return records.run().finished()
                    || !request.getJob().isEmpty() && jobs().stream().allMatch(JobState::finished);
        }

        private List<JobState> jobs() {
            return RunReader.select(records, request.getJob());
        }

        private void readAll() throws InterruptedException {
            LogReader.Page page;
            do {
                page = nextPage();
                if (!page.lines().isEmpty()) {
                    out.send(answer(page));
                }
                cursor = page.next();
            } while (page.more());
        }

        private LogReader.Page nextPage() {
            return switch (cursor) {
                case LogCursor.Planned planned ->
                        reader.planned(attempts(), filter(this::wantedStep), planned, PAGE_BYTES);
                case LogCursor.Arrived arrived ->
                        reader.arrived(request.getRun(), filter(arriving()), arrived, PAGE_BYTES);
            };
        }

        private LogReader.Filter filter(Predicate<StepKey> steps) {
            boolean outputOnly = request.getProcessOutputOnly();
            return new LogReader.Filter(steps, line -> !outputOnly || line.kind() != Kind.META);
        }

        /// The chosen attempt of each chosen job, in plan order.
        private List<AttemptId> attempts() {
            return jobs().stream().flatMap(this::attempt).toList();
        }

        private Stream<AttemptId> attempt(JobState job) {
            int number = request.getAttempt() == 0 ? job.attempts() : request.getAttempt();
            return number == 0 ? Stream.empty() : Stream.of(job.id().attempt(number));
        }

        private Predicate<StepKey> arriving() {
            var jobs = jobs().stream().map(JobState::id).toList();
            return step -> {
                JobId job = step.attempt().job();
                int number = step.attempt().number();
                boolean attemptFits =
                        request.getAttempt() == 0
                                ? number >= oldest.getOrDefault(job, 1)
                                : number == request.getAttempt();
                return attemptFits && jobs.contains(job) && wantedStep(step);
            };
        }

        private boolean wantedStep(StepKey step) {
            String wanted = request.getStep();
            if (wanted.isEmpty() || wanted.equals(Integer.toString(step.step()))) {
                return true;
            }
            return records.attempts().stream()
                    .filter(attempt -> attempt.id().equals(step.attempt()))
                    .map((AttemptState attempt) -> attempt.step(step.step()))
                    .flatMap(java.util.Optional::stream)
                    .anyMatch(state -> state.name().equals(wanted) || state.id().equals(wanted));
        }

        private ReadLogResponse answer(LogReader.Page page) {
            var answer = ReadLogResponse.newBuilder().setCursor(page.next().toString());
            for (LogReader.Line line : page.lines()) {
                StepKey step = line.step();
                answer.addLines(
                        LogLine.newBuilder()
                                .setJobOrdinal(step.attempt().job().job())
                                .setAttempt(step.attempt().number())
                                .setStep(step.step())
                                .setAt(Messages.time(line.line().at()))
                                .setText(UnsafeByteOperations.unsafeWrap(line.line().text()))
                                .setGap(line.line().kind() == Kind.GAP)
                                .setMeta(line.line().kind() == Kind.META));
            }
            return answer.build();
        }
    }
}
