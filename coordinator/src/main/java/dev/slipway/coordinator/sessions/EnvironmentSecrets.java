package dev.slipway.coordinator.sessions;

import dev.slipway.coordinator.model.EnvironmentName;
import dev.slipway.coordinator.model.EnvironmentRules;
import dev.slipway.coordinator.model.EnvironmentState;
import dev.slipway.coordinator.secrets.SecretBox;
import dev.slipway.coordinator.storage.DeploymentRows;

import java.util.Map;
import java.util.TreeMap;

/// What an environment adds to the contexts of its jobs.
public final class EnvironmentSecrets {
    private final DeploymentRows rows;
    private final SecretBox box;

    EnvironmentSecrets(DeploymentRows rows, SecretBox box) {
        this.rows = rows;
        this.box = box;
    }

    /// Whose secrets they are, for {@link SecretBox}.
    public static String owner(EnvironmentName name) {
        return "environment/" + name.project() + "/" + name.name();
    }

    private EnvironmentRules rules(EnvironmentName name) {
        return rows.environment(name).map(EnvironmentState::rules).orElse(EnvironmentRules.NONE);
    }

    /// @param label the job's environment; may be empty
    Map<String, String> variables(String project, String label) {
        return label.isBlank() ? Map.of() : rules(EnvironmentName.of(project, label)).variables();
    }

    /// The secrets of a job: those of its environment over those of its run.
    Map<String, String> over(Map<String, String> ofRun, String project, String label) {
        if (label.isBlank()) {
            return ofRun;
        }
        EnvironmentName name = EnvironmentName.of(project, label);
        var all = new TreeMap<>(ofRun);
        all.putAll(box.open(owner(name), rules(name).secrets().ciphertext().toArray()));
        return all;
    }
}
