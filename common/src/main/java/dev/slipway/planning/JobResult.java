package dev.slipway.planning;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// How a job ended, as the jobs that need it see it.
///
/// @param conclusion success for a failed job with `continue-on-error`
/// @param outputs names to values
public record JobResult(Conclusion conclusion, Map<String, String> outputs) {

    /// A job that did not run.
    public static final JobResult SKIPPED = new JobResult(Conclusion.SKIPPED, Map.of());

    /// The four ends of a job.
    public enum Conclusion {
        SUCCESS,
        FAILURE,
        CANCELLED,
        SKIPPED;

        /// The word in `needs.<id>.result`.
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public JobResult {
        outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    }
}
