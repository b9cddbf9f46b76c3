package dev.slipway.agent.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// An agent's settings, validated; all problems are reported at once.
///
/// @param coordinators `HOST:PORT` each; tried in turn
/// @param name unique in the farm
/// @param labels what jobs ask for in `runs-on`, besides `self-hosted`, the system and its
///   architecture, which every agent has
/// @param slots how many jobs run at the same time
/// @param work the work directory: identity, attempts, workspaces
/// @param diskBudget bytes that workspaces and tools which nobody uses may keep
/// @param diskReserve bytes of the work directory's disk that stay free: below, the agent takes no
///   jobs
/// @param drainTimeout how long jobs may go on after the first request to stop
/// @param environment what steps inherit; Slipway's own variables are left out
/// @param containerLimits what each container may use
public record AgentSettings(
        List<String> coordinators,
        String name,
        List<String> labels,
        int slots,
        Path work,
        long diskBudget,
        long diskReserve,
        Duration drainTimeout,
        Map<String, String> environment,
        ContainerLimits containerLimits) {

    public static final int DEFAULT_SLOTS = 1;
    public static final long DEFAULT_DISK_BUDGET = 50L << 30;
    public static final long DEFAULT_DISK_RESERVE = 256L << 20;
    public static final Duration DEFAULT_DRAIN_TIMEOUT = Duration.ofMinutes(10);
    public static final int MAX_SLOTS = 1_000;

    private static final Pattern ADDRESS = Pattern.compile("[^\\s/]+:\\d{1,5}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final Pattern LABEL = Pattern.compile("[^\\s,]{1,100}");

    /// @throws IllegalArgumentException with one line per problem
    public AgentSettings {
        coordinators = List.copyOf(coordinators);
        labels = List.copyOf(labels);
        environment = Map.copyOf(environment);
        var problems = new ArrayList<String>();
        if (coordinators.isEmpty()) {
            problems.add("--coordinator is missing: give at least one HOST:PORT");
        }
        for (String address : coordinators) {
            if (!ADDRESS.matcher(address).matches()) {
                problems.add("--coordinator '%s' is not HOST:PORT".formatted(address));
            }
        }
        if (!NAME.matcher(name).matches()) {
            problems.add(
                    "--name '%s' must be 1 to 100 letters, digits or any of . _ -".formatted(name));
        }
        for (String label : labels) {
            if (!LABEL.matcher(label).matches()) {
                problems.add(
                        "--label '%s' must be 1 to 100 characters without spaces and commas"
                                .formatted(label));
            }
        }
        if (slots < 1 || slots > MAX_SLOTS) {
            problems.add("--slots is %d but must be 1 to %d".formatted(slots, MAX_SLOTS));
        }
        if (diskBudget < 0) {
            problems.add("--disk-budget must not be negative");
        }
        if (diskReserve < 0) {
            problems.add("--disk-reserve must not be negative");
        }
        if (drainTimeout.isNegative()) {
            problems.add("--drain-timeout must not be negative");
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", problems));
        }
    }

    /// The variables of an environment that steps may see.
    public static Map<String, String> inheritable(Map<String, String> environment) {
        var kept = new TreeMap<>(environment);
        kept.keySet().removeIf(name -> name.startsWith("SLIPWAY_"));
        return kept;
    }

    /// The effective settings as people read them, one per line.
    public List<String> describe() {
        return List.of(
                "coordinator=" + String.join(",", coordinators),
                "name=" + name,
                "labels=" + String.join(",", labels),
                "slots=" + slots,
                "work=" + work,
                "disk-budget=" + diskBudget,
                "disk-reserve=" + diskReserve,
                "drain-timeout=" + drainTimeout.toSeconds() + "s",
                "container-limits=" + containerLimits.describe());
    }
}
