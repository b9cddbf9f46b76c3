package dev.slipway.agent.deployment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A checkpoint in memory.
final class FakeNotebook implements Notebook {
    final List<String> said = new ArrayList<>();
    final Map<String, String> records = new LinkedHashMap<>();
    boolean cancelled;

    @Override
    public void say(String line) {
        said.add(line);
    }

    @Override
    public void warn(String line) {
        said.add("warning: " + line);
    }

    @Override
    public Optional<String> recall(String key) {
        return Optional.ofNullable(records.get(key));
    }

    @Override
    public void record(String key, String value) {
        records.putIfAbsent(key, value);
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }
}
