package dev.slipway.agent.deployment.kubernetes;

import dev.slipway.agent.deployment.Release;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What a workload remembers of its deployments: annotations.
///
/// ```
/// slipway.dev/deployment     the highest number that was here: the fence
/// slipway.dev/attempt        the attempt of its job that has it: a recovery is a later one
/// slipway.dev/owner          whose numbers they are
/// slipway.dev/rollout        the number whose pod template is set
/// slipway.dev/good           the number that was last healthy; 0 is what was there before Slipway
/// slipway.dev/good-version   its version
/// slipway.dev/good-template  its pod template: going back restores all of it
/// ```
final class Notes {
    static final String PREFIX = "slipway.dev/";
    static final String NUMBER = PREFIX + "deployment";
    static final String ATTEMPT = PREFIX + "attempt";
    static final String OWNER = PREFIX + "owner";
    static final String ROLLOUT = PREFIX + "rollout";
    static final String GOOD = PREFIX + "good";
    static final String GOOD_VERSION = PREFIX + "good-version";
    static final String GOOD_TEMPLATE = PREFIX + "good-template";

    private Notes() {}

    static Map<String, String> of(GenericKubernetesResource workload) {
        Map<String, String> notes = workload.getMetadata().getAnnotations();
        return notes == null ? Map.of() : notes;
    }

    static void put(GenericKubernetesResource workload, String key, String value) {
        var notes = new HashMap<>(of(workload));
        notes.put(key, value);
        workload.getMetadata().setAnnotations(notes);
    }

    /// @return 0 when there is none
    static long number(Map<String, String> notes, String key) {
        String text = notes.getOrDefault(key, "");
        try {
            return text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (NumberFormatException foreign) {
            throw new IllegalStateException(
                    ("The annotation %s is '%s', which is no number. Somebody else has changed it;"
                                    + " remove it when no deployment is under way.")
                            .formatted(key, text),
                    foreign);
        }
    }

    static Optional<Release> good(Map<String, String> notes) {
        return notes.containsKey(GOOD)
                ? Optional.of(
                        new Release(
                                number(notes, GOOD), notes.getOrDefault(GOOD_VERSION, "unknown")))
                : Optional.empty();
    }
}
