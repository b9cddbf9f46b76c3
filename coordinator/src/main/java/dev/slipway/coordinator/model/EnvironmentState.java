package dev.slipway.coordinator.model;

/// An environment as it is now. Immutable; it comes into being with its first deployment, or when
/// an operator says what protects it.
///
/// @param label as it was last written
/// @param lastNumber the highest number given to a deployment
/// @param current the number of the latest deployment that succeeded; 0 before the first
/// @param rules what protects it, and what its jobs see
public record EnvironmentState(
        EnvironmentName name, String label, long lastNumber, long current, EnvironmentRules rules) {
    /// An environment in which nothing has happened yet.
    public static EnvironmentState fresh(EnvironmentName name, String label) {
        return new EnvironmentState(name, label, 0, 0, EnvironmentRules.NONE);
    }

    /// After something happened to one of its deployments.
    EnvironmentState with(Deployment deployment) {
        long number = deployment.number();
        return new EnvironmentState(
                name,
                deployment.label(),
                Math.max(lastNumber, number),
                deployment.succeeded() ? Math.max(current, number) : current,
                rules);
    }

    /// With other rules.
    public EnvironmentState with(String labelNow, EnvironmentRules rulesNow) {
        return new EnvironmentState(name, labelNow, lastNumber, current, rulesNow);
    }
}
