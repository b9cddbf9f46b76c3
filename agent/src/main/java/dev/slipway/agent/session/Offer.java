package dev.slipway.agent.session;

import java.util.List;
import java.util.function.Supplier;

/// What this agent offers to the farm.
///
/// @param slots how many attempts run at the same time
/// @param unavailableReason why it takes none at the moment; empty when it does
/// @param warmProjects projects with a warm workspace, most recent first
public record Offer(
        int slots,
        List<String> labels,
        String os,
        String arch,
        Supplier<String> unavailableReason,
        Supplier<List<String>> warmProjects) {

    public Offer {
        labels = List.copyOf(labels);
    }
}
