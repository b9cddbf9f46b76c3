package dev.slipway.agent.deployment;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// The farm's record of one deployment, which is kept over the lives of its agent.
final class FakeLog implements DeploymentLog {
    final long number;
    final List<Report> reports = new ArrayList<>();
    Phase phase = Phase.CLAIMED;
    boolean endedOtherwise;

    /// Called when a phase has been journaled, to kill.
    Consumer<Phase> after = phase -> {};

    FakeLog(long number) {
        this.number = number;
    }

    @Override
    public Begun begin(Plan plan) {
        return new Begun("production", number, "", phase, "");
    }

    @Override
    public boolean report(Report report) {
        if (endedOtherwise) {
            return false;
        }
        reports.add(report);
        phase = report.phase();
        after.accept(phase);
        return true;
    }

    List<String> phases() {
        return reports.stream().map(report -> word(report.phase())).toList();
    }

    private static String word(Phase phase) {
        return phase.name().toLowerCase(Locale.ROOT);
    }
}
