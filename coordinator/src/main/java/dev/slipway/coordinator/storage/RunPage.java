package dev.slipway.coordinator.storage;

import dev.slipway.coordinator.model.RunState;

import java.util.List;

/// One page of runs, newest first.
///
/// @param next pass it to get the page after this one; 0 on the last page
/// @param position the journal position that this reflects
public record RunPage(List<RunState> runs, long next, long position) {
    public RunPage {
        runs = List.copyOf(runs);
    }
}
