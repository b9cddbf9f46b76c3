package dev.slipway.agent.deployment;

/// One version as one deployment brings it to its target.
///
/// @param number of the deployment
/// @param version an image, or a name
public record Release(long number, String version) {
    @Override
    public String toString() {
        return number > 0 ? "%s (deployment %d)".formatted(version, number) : version;
    }
}
