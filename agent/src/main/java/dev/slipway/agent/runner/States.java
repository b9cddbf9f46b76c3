package dev.slipway.agent.runner;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the earlier stages of an action kept for its later ones (`GITHUB_STATE`).
final class States {
    private States() {}

    /// @param path of the step
    static Map<String, String> of(JobRuntime job, String path) {
        var state = new LinkedHashMap<String, String>();
        for (String stage : List.of("@pre", "@main")) {
            job.checkpoint()
                    .recall(path + stage + "/exit")
                    .ifPresent(done -> state.putAll(StepOutcome.fromValue(done).effects().state()));
        }
        return state;
    }
}
