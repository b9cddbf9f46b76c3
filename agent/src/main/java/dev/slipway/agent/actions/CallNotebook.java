package dev.slipway.agent.actions;

import dev.slipway.agent.deployment.Notebook;

import java.util.Optional;

/// A deployment's notes in its step's log and checkpoint. What is recorded leaves the agent as the
/// deployment's history, so it is masked first.
record CallNotebook(ActionCall call) implements Notebook {
    @Override
    public void say(String line) {
        call.say(line);
    }

    @Override
    public void warn(String line) {
        call.warn(line);
    }

    @Override
    public Optional<String> recall(String key) {
        return call.recall(key);
    }

    @Override
    public void record(String key, String value) {
        call.record(key, call.masks().apply(value));
    }

    @Override
    public boolean isCancelled() {
        return call.isCancelled();
    }
}
