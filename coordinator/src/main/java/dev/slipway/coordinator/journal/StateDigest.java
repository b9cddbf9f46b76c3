package dev.slipway.coordinator.journal;

import dev.slipway.coordinator.model.FarmState;
import dev.slipway.coordinator.model.RunRecords;
import dev.slipway.coordinator.model.RunState;
import dev.slipway.coordinator.storage.Rows;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A SHA-256 over everything that a {@link FarmState} holds: two states with equal digests are
/// equal.
public final class StateDigest {
    private StateDigest() {}

    public static String of(FarmState state) {
        MessageDigest digest = sha256();
        add(digest, state.meta().toString());
        add(digest, state.drains().toString());
        for (RunState run : state.runs()) {
            RunRecords records = state.records(run.number()).orElseThrow();
            Rows.of(records).forEach(digest::update);
            String project = run.head().project();
            records.jobs().stream()
                    .flatMap(job -> java.util.Optional.ofNullable(job.seat()).stream())
                    .map(seat -> seat.concurrency().group())
                    .forEach(
                            group -> {
                                add(digest, String.valueOf(state.holder(project, group)));
                                add(digest, String.valueOf(state.waiters(project, group)));
                            });
            add(digest, String.valueOf(state.runsOfWorkflow(project, run.head().workflowPath())));
        }
        // Farms that never deployed keep the digests that they had.
        state.deployments().environments().forEach(known -> add(digest, known.toString()));
        state.deployments().ofUnfinishedRuns().forEach(known -> add(digest, known.toString()));
        // So do farms in which nothing ever failed and nobody is told.
        state.notifications().rules().forEach(known -> add(digest, known.toString()));
        state.notifications().kept().forEach(known -> add(digest, known.toString()));
        for (String agent : state.agentsWithAttempts()) {
            add(digest, agent + state.attemptsOf(agent));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void add(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
