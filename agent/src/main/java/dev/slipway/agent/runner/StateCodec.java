package dev.slipway.agent.runner;

import dev.slipway.agent.runner.AttemptView.AnnotationView;
import dev.slipway.agent.runner.AttemptView.Cause;
import dev.slipway.agent.runner.AttemptView.Result;
import dev.slipway.agent.runner.AttemptView.StepView;
import dev.slipway.agent.runner.AttemptView.TestsView;
import dev.slipway.expression.Value;
import dev.slipway.expression.Value.ArrayValue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/// The checkpoint's form of what people see.
final class StateCodec {
    private StateCodec() {}

    static Value begin(String name, String id, Instant at) {
        return Values.object("name", name, "id", id, "at", at);
    }

    static StepView begun(int number, Value value) {
        return new StepView(
                number,
                value.get("name").text(),
                value.get("id").text(),
                null,
                null,
                Values.instant(value.get("at")),
                null,
                -1);
    }

    static Value end(Conclusion conclusion, Conclusion outcome, Instant at, long logEnd) {
        return Values.object("conclusion", conclusion, "outcome", outcome, "at", at, "log", logEnd);
    }

    static StepView ended(StepView step, Value value) {
        return new StepView(
                step.number(),
                step.name(),
                step.id(),
                Conclusion.valueOf(value.get("conclusion").text()),
                Conclusion.valueOf(value.get("outcome").text()),
                step.startedAt(),
                Values.instant(value.get("at")),
                integer(value.get("log")));
    }

    static Value annotation(AnnotationView annotation) {
        return Values.object(
                "step", annotation.step(),
                "level", annotation.level(),
                "message", annotation.message(),
                "title", annotation.title(),
                "file", annotation.file(),
                "line", annotation.line(),
                "endLine", annotation.endLine(),
                "column", annotation.column(),
                "endColumn", annotation.endColumn());
    }

    static AnnotationView annotation(String id, Value value) {
        return new AnnotationView(
                id,
                (int) integer(value.get("step")),
                value.get("level").text(),
                value.get("message").text(),
                value.get("title").text(),
                value.get("file").text(),
                (int) integer(value.get("line")),
                (int) integer(value.get("endLine")),
                (int) integer(value.get("column")),
                (int) integer(value.get("endColumn")));
    }

    static Value tests(TestsView tests) {
        return Values.object(
                "total", tests.total(),
                "failed", tests.failed(),
                "errored", tests.errored(),
                "skipped", tests.skipped(),
                "ms", tests.duration().toMillis(),
                "failures",
                        Value.array(
                                tests.failures().stream()
                                        .map(
                                                failure ->
                                                        Values.object(
                                                                "suite", failure.suite(),
                                                                "name", failure.name(),
                                                                "message", failure.message(),
                                                                "file", failure.file(),
                                                                "line", failure.line()))
                                        .toList()),
                "slowest",
                        Value.array(
                                tests.slowest().stream()
                                        .map(
                                                timing ->
                                                        Values.object(
                                                                "suite", timing.suite(),
                                                                "name", timing.name(),
                                                                "ms", timing.duration().toMillis()))
                                        .toList()));
    }

    static TestsView tests(Value value) {
        return new TestsView(
                (int) integer(value.get("total")),
                (int) integer(value.get("failed")),
                (int) integer(value.get("errored")),
                (int) integer(value.get("skipped")),
                Duration.ofMillis(integer(value.get("ms"))),
                list(
                        value.get("failures"),
                        item ->
                                new TestsView.Failure(
                                        item.get("suite").text(),
                                        item.get("name").text(),
                                        item.get("message").text(),
                                        item.get("file").text(),
                                        (int) integer(item.get("line")))),
                list(
                        value.get("slowest"),
                        item ->
                                new TestsView.Timing(
                                        item.get("suite").text(),
                                        item.get("name").text(),
                                        Duration.ofMillis(integer(item.get("ms"))))));
    }

    static Value result(Result result) {
        return Values.object(
                "conclusion", result.conclusion(),
                "cause", result.cause().name(),
                "detail", result.causeDetail(),
                "outputs", Values.ofPairs(result.outputs()),
                "url", result.environmentUrl(),
                "at", result.finishedAt(),
                "logIncomplete", result.logIncompleteCause());
    }

    static Result result(Value value) {
        return new Result(
                Conclusion.valueOf(value.get("conclusion").text()),
                Cause.valueOf(value.get("cause").text()),
                value.get("detail").text(),
                Values.pairs(value.get("outputs")),
                value.get("url").text(),
                Values.instant(value.get("at")),
                value.get("logIncomplete").text());
    }

    static long integer(Value value) {
        return (long) value.number();
    }

    private static <T> List<T> list(Value value, Function<Value, T> read) {
        return value instanceof ArrayValue(List<Value> items)
                ? items.stream().map(read).toList()
                : List.of();
    }
}
