package dev.slipway.agent.deployment.docker;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The container that a version runs in.
///
/// @param name of the container that serves
/// @param image what the new version runs from
/// @param command instead of the image's; empty keeps that
/// @param environment of the container
/// @param ports as `docker run -p` takes them
/// @param volumes as `docker run -v` takes them
/// @param network its name; empty means the engine's default
/// @param restart policy of a version that has been found healthy: `unless-stopped`, `always`
/// @param stopTimeout from the stop signal to SIGKILL
/// @param owner who counts the deployments
public record DockerSettings(
        String name,
        String image,
        List<String> command,
        List<Map.Entry<String, String>> environment,
        List<String> ports,
        List<String> volumes,
        String network,
        String restart,
        Duration stopTimeout,
        String owner) {

    /// Names the container only: its environment may be secret.
    @Override
    public String toString() {
        return "DockerSettings[" + name + " of " + image + "]";
    }
}
