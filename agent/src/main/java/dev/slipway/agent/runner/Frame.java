package dev.slipway.agent.runner;

import dev.slipway.expression.Value;
import dev.slipway.workflow.Defaults;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// A list of steps and what is private to it: the job's own, or a composite action's.
final class Frame {
    private final Map<String, String> outerEnv;
    private final @Nullable Value inputs;
    private final Map<String, String> github;
    private final StepResults results = new StepResults();
    private final boolean composite;
    private final Optional<Path> selfRoot;
    private final Defaults defaults;
    private Conclusion status = Conclusion.SUCCESS;

    private Frame(
            Map<String, String> outerEnv,
            @Nullable Value inputs,
            Map<String, String> github,
            boolean composite,
            Optional<Path> selfRoot,
            Defaults defaults) {
        this.outerEnv = Map.copyOf(outerEnv);
        this.inputs = inputs;
        this.github = Map.copyOf(github);
        this.composite = composite;
        this.selfRoot = selfRoot;
        this.defaults = defaults;
    }

    /// @param defaults for its `run` steps; they do not reach into composite actions
    static Frame ofJob(Defaults defaults) {
        return new Frame(Map.of(), null, Map.of(), false, Optional.empty(), defaults);
    }

    /// @param outerEnv the variables of the calling step, which hold inside and do not leak out
    /// @param inputs all texts
    /// @param github `action_path` and its like
    /// @param selfRoot the folder that `$/` means inside
    static Frame ofComposite(
            Map<String, String> outerEnv,
            Value inputs,
            Map<String, String> github,
            Optional<Path> selfRoot) {
        return new Frame(outerEnv, inputs, github, true, selfRoot, Defaults.NONE);
    }

    Defaults defaults() {
        return defaults;
    }

    /// What `$/` means here when it is not the source of the workflow.
    Optional<Path> selfRoot() {
        return selfRoot;
    }

    Map<String, String> outerEnv() {
        return outerEnv;
    }

    /// Null in the job's own frame: there the job's inputs count.
    @Nullable Value inputs() {
        return inputs;
    }

    Map<String, String> github() {
        return github;
    }

    StepResults results() {
        return results;
    }

    boolean isComposite() {
        return composite;
    }

    /// The worst that has happened in this frame.
    Conclusion status() {
        return status;
    }

    void note(Conclusion conclusion) {
        if (conclusion == Conclusion.FAILURE) {
            status = Conclusion.FAILURE;
        }
    }
}
