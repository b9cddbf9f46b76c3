package dev.slipway.cli.client;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/// An agent as the farm sees it.
///
/// @param state `idle`, `busy`, `draining`, `unreachable`, `quarantined` or `unavailable`
/// @param reason why it gets no new jobs; empty when it does
/// @param attempts what it runs, as RUN/JOB/ATTEMPT
public record AgentInfo(
        String id,
        String name,
        List<String> labels,
        String os,
        String arch,
        int slots,
        int busySlots,
        boolean connected,
        boolean draining,
        String version,
        @Nullable Instant lastSeenAt,
        List<String> attempts,
        String state,
        String reason) {}
