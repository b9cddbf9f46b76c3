package dev.slipway.agent.deployment.host;

import dev.slipway.agent.deployment.Claimant;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How a version is put into a folder and run there.
///
/// @param folder absolute; belongs to one environment
/// @param files the new version's files; a folder, copied
/// @param start shell commands that become the service, or start it elsewhere
/// @param stop shell commands that stop a service that was started elsewhere; empty: the processes
///   that `start` became are ended
/// @param environment what the service gets beside the machine's basic variables
/// @param port must be free before a version is started
/// @param keep how many releases stay, the running one included
/// @param stopTimeout from SIGTERM to SIGKILL
/// @param claimant who counts the deployments
public record HostSettings(
        Path folder,
        Path files,
        String start,
        String stop,
        List<Map.Entry<String, String>> environment,
        Optional<Integer> port,
        int keep,
        Duration stopTimeout,
        Claimant claimant) {

    /// Names the folder only: what a service is given may be secret.
    @Override
    public String toString() {
        return "HostSettings[" + folder + "]";
    }
}
