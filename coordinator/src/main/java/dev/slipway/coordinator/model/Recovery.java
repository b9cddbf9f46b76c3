package dev.slipway.coordinator.model;

import java.time.Instant;
import java.util.SortedMap;

/// An attempt of a job left deployments in flight: the job's next attempts only finish them (gate
/// and rollback, under the same numbers), and then the job ends as it would have.
///
/// @param tries how many attempts were made for it, the next one included; from 1
/// @param agent name of the only agent that can finish them; empty for any with the job's labels
/// @param notBefore when the next attempt may begin
/// @param deadline after this none begins
/// @param why they were left, for people
/// @param conclusion what the job ends with
/// @param outputs the job's
/// @param environmentUrl the job's
public record Recovery(
        int tries,
        String agent,
        Instant notBefore,
        Instant deadline,
        String why,
        Conclusion conclusion,
        SortedMap<String, String> outputs,
        String environmentUrl) {
    public Recovery {
        outputs = RunSpec.sorted(outputs);
    }

    /// The next try of it.
    public Recovery again(Instant from) {
        return new Recovery(
                tries + 1, agent, from, deadline, why, conclusion, outputs, environmentUrl);
    }

    /// Whether anything but this one agent will do.
    public boolean isBound() {
        return !agent.isEmpty();
    }
}
