package dev.slipway.planning;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// How one leg of a job ended.
///
/// @param conclusion the leg's own end, before `continue-on-error`
/// @param continueOnError whether a failure of this leg does not count
/// @param outputs names to values
public record LegResult(
        JobResult.Conclusion conclusion, boolean continueOnError, Map<String, String> outputs) {

    public LegResult {
        outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    }
}
