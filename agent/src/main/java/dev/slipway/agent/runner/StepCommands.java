package dev.slipway.agent.runner;

import dev.slipway.agent.output.Annotation;
import dev.slipway.agent.output.CommandId;
import dev.slipway.agent.output.CommandSink;
import dev.slipway.agent.runner.AttemptView.AnnotationView;
import dev.slipway.expression.Value;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// Keeps what the workflow commands of a step ask for in the attempt's checkpoint, under the
/// command's own id: a command that is told again after a restart changes nothing.
///
/// Keys: `cmd/LEAF/ID` for outputs, state, variables, paths and failures; `mask/ID`; `matchers/ID`.
final class StepCommands implements CommandSink {
    private final Checkpoint checkpoint;
    private final AttemptState state;
    private volatile String leaf = "";

    StepCommands(Checkpoint checkpoint, AttemptState state) {
        this.checkpoint = checkpoint;
        this.state = state;
    }

    /// From now on commands belong to this process.
    void enter(String nextLeaf) {
        leaf = nextLeaf;
    }

    String leaf() {
        return leaf;
    }

    private void record(CommandId id, String kind, String name, String value) {
        checkpoint.record(
                "cmd/" + leaf + "/" + id,
                Values.object("kind", kind, "name", name, "value", value));
    }

    @Override
    public void annotation(Annotation annotation) {
        var place = annotation.place();
        state.annotate(
                new AnnotationView(
                        annotation.id().toString(),
                        annotation.id().step(),
                        annotation.level().label(),
                        annotation.message(),
                        annotation.title(),
                        place.file(),
                        place.line(),
                        place.endLine(),
                        place.column(),
                        place.endColumn()));
    }

    @Override
    public void output(CommandId id, String name, String value) {
        record(id, "output", name, value);
    }

    @Override
    public void state(CommandId id, String name, String value) {
        record(id, "state", name, value);
    }

    @Override
    public void env(CommandId id, String name, String value) {
        record(id, "env", name, value);
    }

    @Override
    public void path(CommandId id, String path) {
        record(id, "path", "", path);
    }

    @Override
    public void mask(CommandId id, String secret) {
        checkpoint.record("mask/" + id, Value.of(secret));
    }

    @Override
    public void matchers(CommandId id, Value matchers) {
        checkpoint.record("matchers/" + id, matchers);
    }

    @Override
    public void fail(CommandId id, String why) {
        record(id, "fail", "", why);
    }

    Effects effects(String ofLeaf) {
        var effects = new Effects[] {Effects.NONE};
        forEach(
                ofLeaf,
                command -> {
                    Map<String, String> pair = new LinkedHashMap<>();
                    pair.put(command.get("name").text(), command.get("value").text());
                    effects[0] = effects[0].then(effect(command.get("kind").text(), pair));
                });
        return effects[0];
    }

    private static Effects effect(String kind, Map<String, String> pair) {
        return switch (kind) {
            case "output" -> Effects.ofOutputs(pair);
            case "state" -> new Effects(Map.of(), List.of(), Map.of(), pair);
            case "env" -> new Effects(pair, List.of(), Map.of(), Map.of());
            case "path" -> new Effects(Map.of(), List.copyOf(pair.values()), Map.of(), Map.of());
            default -> Effects.NONE;
        };
    }

    boolean failed(String ofLeaf) {
        var failures = new AtomicInteger();
        forEach(
                ofLeaf,
                command -> {
                    if (command.get("kind").text().equals("fail")) {
                        failures.incrementAndGet();
                    }
                });
        return failures.get() > 0;
    }

    private void forEach(String ofLeaf, java.util.function.Consumer<Value> reader) {
        String prefix = "cmd/" + ofLeaf + "/";
        checkpoint.forEach(
                (key, value) -> {
                    if (key.startsWith(prefix) && key.indexOf('/', prefix.length()) < 0) {
                        reader.accept(value);
                    }
                });
    }
}
