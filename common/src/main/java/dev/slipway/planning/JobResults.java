package dev.slipway.planning;

import dev.slipway.planning.JobResult.Conclusion;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Makes one result of several.
public final class JobResults {

    private JobResults() {}

    /// The result of a job from its legs. A failed leg with `continue-on-error` counts as success.
    /// Of several legs that set an output, the last to finish with a non-empty value wins.
    ///
    /// @param legs in the order in which they finished
    public static JobResult ofLegs(List<LegResult> legs) {
        Map<String, String> outputs = new LinkedHashMap<>();
        for (LegResult leg : legs) {
            leg.outputs()
                    .forEach(
                            (name, value) -> {
                                if (!value.isEmpty()) {
                                    outputs.put(name, value);
                                } else {
                                    outputs.putIfAbsent(name, value);
                                }
                            });
        }
        List<Conclusion> conclusions =
                legs.stream()
                        .map(
                                leg ->
                                        leg.continueOnError()
                                                        && leg.conclusion() == Conclusion.FAILURE
                                                ? Conclusion.SUCCESS
                                                : leg.conclusion())
                        .toList();
        return new JobResult(worst(conclusions), outputs);
    }

    /// Failure if there is one, else cancelled, else skipped if there is nothing else, else
    /// success.
    public static Conclusion worst(Collection<Conclusion> conclusions) {
        if (conclusions.contains(Conclusion.FAILURE)) {
            return Conclusion.FAILURE;
        }
        if (conclusions.contains(Conclusion.CANCELLED)) {
            return Conclusion.CANCELLED;
        }
        boolean nothingRan = conclusions.stream().allMatch(Conclusion.SKIPPED::equals);
        return nothingRan && !conclusions.isEmpty() ? Conclusion.SKIPPED : Conclusion.SUCCESS;
    }
}
