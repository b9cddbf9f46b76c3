package dev.slipway.agent.runner;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What earlier steps have set up for later ones: the job's environment variables (workflow, job,
/// `GITHUB_ENV` so far) and the additions to `PATH`. Belongs to one thread; background steps get a
/// {@link #fork}.
final class Surroundings {
    private final Map<String, String> env;
    private final List<String> paths;

    Surroundings() {
        this(new LinkedHashMap<>(), new ArrayList<>());
    }

    private Surroundings(Map<String, String> env, List<String> paths) {
        this.env = env;
        this.paths = paths;
    }

    Surroundings fork() {
        return new Surroundings(new LinkedHashMap<>(env), new ArrayList<>(paths));
    }

    void define(Map<String, String> variables) {
        env.putAll(variables);
    }

    void apply(Effects effects) {
        env.putAll(effects.env());
        effects.paths()
                .forEach(
                        path -> {
                            paths.remove(path);
                            paths.add(path);
                        });
    }

    Map<String, String> env() {
        return env;
    }

    /// A `PATH` with the additions in front, the latest first.
    String searchPath(String base) {
        var parts = new ArrayList<>(paths.reversed());
        if (!base.isEmpty()) {
            parts.add(base);
        }
        return String.join(":", parts);
    }
}
