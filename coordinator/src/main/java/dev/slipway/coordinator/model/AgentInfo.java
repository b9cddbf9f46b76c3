package dev.slipway.coordinator.model;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// What a connected agent says of itself.
///
/// @param id random, kept in the agent's work directory
/// @param name unique among connected agents
/// @param bootId of its machine
/// @param processId random for the agent's process
/// @param version of its program
/// @param slots how many attempts it runs at once
/// @param labels lower-case, sorted, without repeats
/// @param os e.g. `Linux`
/// @param arch e.g. `X64`
/// @param draining it takes no new attempts
/// @param unavailableReason why it takes none although not draining; else empty
/// @param warmProjects projects with a warm workspace, most recent first
public record AgentInfo(
        String id,
        String name,
        String bootId,
        String processId,
        String version,
        int slots,
        List<String> labels,
        String os,
        String arch,
        boolean draining,
        String unavailableReason,
        List<String> warmProjects) {
    public AgentInfo {
        labels = Labels.normal(labels);
        warmProjects = List.copyOf(warmProjects);
    }

    /// The label that only an agent of this name has. No workflow can ask for it, and it tells
    /// upper from lower case.
    public static String address(String name) {
        return "\0" + HexFormat.of().formatHex(name.getBytes(StandardCharsets.UTF_8));
    }

    /// The same, with its address among the labels.
    public AgentInfo addressable() {
        var all = new ArrayList<>(labels);
        all.add(address(name));
        return new AgentInfo(
                id,
                name,
                bootId,
                processId,
                version,
                slots,
                all,
                os,
                arch,
                draining,
                unavailableReason,
                warmProjects);
    }

    public boolean takesJobs() {
        return !draining && unavailableReason.isEmpty();
    }
}
