package dev.slipway.agent.runner;

import dev.slipway.agent.output.EnvironmentFiles;
import dev.slipway.agent.runner.AttemptView.AnnotationView;
import dev.slipway.agent.runner.AttemptView.Phase;
import dev.slipway.agent.runner.AttemptView.Result;
import dev.slipway.agent.runner.AttemptView.StepView;
import dev.slipway.agent.runner.AttemptView.SummaryView;
import dev.slipway.agent.runner.AttemptView.TestsView;
import dev.slipway.expression.Value;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What the coordinator is told about an attempt, kept in step with its checkpoint: every record
/// that people see goes through {@link #record}, and a restart folds the records again.
///
/// Keys: `started`, `cancel`, `begin/N`, `end/N`, `annotation/ID`, `summary/LEAF`, `tests/N`,
/// `result`. Safe for many threads.
final class AttemptState {
    private static final Logger LOG = LoggerFactory.getLogger(AttemptState.class);
    static final int MAX_ANNOTATIONS = 1_000;

    private final Token token;
    private final Checkpoint checkpoint;
    private final Runnable onChange;
    private final TreeMap<Integer, StepView> steps = new TreeMap<>();
    private final Map<String, AnnotationView> annotations = new LinkedHashMap<>();
    private final TreeMap<Integer, SummaryView> summaries = new TreeMap<>();
    private final TreeMap<Integer, TestsView> tests = new TreeMap<>();
    private long revision;
    private Phase phase;
    private @Nullable Instant startedAt;
    private @Nullable Instant cancelAt;
    private @Nullable Result result;
    private @Nullable AttemptView view;

    /// @param phase the first phase; FINISHED when the checkpoint holds a result
    AttemptState(Token token, Checkpoint checkpoint, Phase phase, Runnable onChange) {
        // Revisions rise across restarts too, although not every change is recorded.
        this.revision = restarts(checkpoint) << 32;
        this.token = token;
        this.checkpoint = checkpoint;
        this.onChange = onChange;
        this.phase = phase;
        checkpoint.forEach(this::fold);
    }

    private static long restarts(Checkpoint checkpoint) {
        long restarts = 0;
        while (checkpoint.recall("opened/" + restarts).isPresent()) {
            restarts++;
        }
        checkpoint.record("opened/" + restarts, Value.of(true));
        return restarts;
    }

    synchronized AttemptView view() {
        AttemptView current = view;
        if (current == null) {
            current =
                    new AttemptView(
                            token,
                            revision,
                            phase,
                            startedAt,
                            new ArrayList<>(steps.values()),
                            new ArrayList<>(annotations.values()),
                            new ArrayList<>(summaries.values()),
                            TestTotals.of(tests.values()),
                            result,
                            cancelAt);
            view = current;
        }
        return current;
    }

    /// Moves to a phase; a finished attempt stays finished.
    void enter(Phase next) {
        synchronized (this) {
            if (phase == Phase.FINISHED || phase == next) {
                return;
            }
            phase = next;
            changed();
        }
        onChange.run();
    }

    /// Records what people see; a record that exists already changes nothing.
    ///
    /// @return the record that counts
    Value record(String key, Value value) {
        Value counts;
        synchronized (this) {
            if (checkpoint.recall(key).isPresent()) {
                return checkpoint.recall(key).get();
            }
            counts = checkpoint.record(key, value);
            fold(key, counts);
        }
        onChange.run();
        return counts;
    }

    /// Records what ends an attempt even where the disk refuses it: then it is told from memory,
    /// and an agent that starts before the farm has heard it finds out anew how the attempt ended.
    void recordOrKeep(String key, Value value) {
        try {
            record(key, value);
        } catch (InfrastructureException problem) {
            LOG.error(
                    "The end of an attempt is told, but cannot be kept. attempt={} key={} why={}",
                    token.attempt(),
                    key,
                    problem.getMessage());
            synchronized (this) {
                checkpoint.keepInMemory(key, value);
                fold(key, value);
            }
            onChange.run();
        }
    }

    /// Records an annotation unless there are too many.
    void annotate(AnnotationView annotation) {
        synchronized (this) {
            if (annotations.size() >= MAX_ANNOTATIONS) {
                return;
            }
        }
        record("annotation/" + annotation.id(), StateCodec.annotation(annotation));
    }

    private synchronized void changed() {
        revision++;
        view = null;
    }

    private synchronized void fold(String key, Value value) {
        int slash = key.indexOf('/');
        String kind = slash < 0 ? key : key.substring(0, slash);
        String rest = key.substring(slash + 1);
        switch (kind) {
            case "started" -> startedAt = Values.instant(value);
            case "cancel" -> cancelAt = Values.instant(value.get("at"));
            case "begin" ->
                    steps.put(
                            Integer.parseInt(rest),
                            StateCodec.begun(Integer.parseInt(rest), value));
            case "end" ->
                    steps.computeIfPresent(
                            Integer.parseInt(rest), (n, step) -> StateCodec.ended(step, value));
            case "annotation" -> annotations.put(rest, StateCodec.annotation(rest, value));
            case "summary" -> addSummary(value);
            case "tests" -> tests.put(Integer.parseInt(rest), StateCodec.tests(value));
            case "result" -> {
                result = StateCodec.result(value);
                phase = Phase.FINISHED;
            }
            default -> {
                return;
            }
        }
        changed();
    }

    private void addSummary(Value value) {
        int step = (int) StateCodec.integer(value.get("step"));
        SummaryView before = summaries.getOrDefault(step, new SummaryView(step, ""));
        String all = before.markdown() + value.get("markdown").text();
        if (all.length() <= EnvironmentFiles.MAX_SUMMARY) {
            summaries.put(step, new SummaryView(step, all));
        }
    }

    /// Ends the attempt.
    void finish(Result how) {
        record("result", StateCodec.result(how));
    }

    /// Ends the attempt whose machine fails it: also without a disk that could keep the result.
    void finishAnyway(Result how) {
        recordOrKeep("result", StateCodec.result(how));
    }

    /// Says beside a result that is there already that output was lost since.
    ///
    /// @param cause empty when nothing was
    void loseLog(String cause) {
        synchronized (this) {
            Result known = result;
            if (cause.isEmpty() || known == null || !known.logIncompleteCause().isEmpty()) {
                return;
            }
            result = known.withIncompleteLog(cause);
            changed();
        }
        onChange.run();
    }

    synchronized List<StepView> steps() {
        return List.copyOf(steps.values());
    }
}
