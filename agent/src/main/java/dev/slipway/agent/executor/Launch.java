package dev.slipway.agent.executor;

import dev.slipway.agent.docker.ContainerSpec;
import dev.slipway.agent.process.Tools;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What to run and how to supervise it.
///
/// @param controlFolder a folder for this process alone, made with mode 0700 when missing; its
///   parent must exist
/// @param command the program (looked up on the `PATH` of `environment` unless it holds a `/`) and
///   its arguments
/// @param environment the whole environment of the command; nothing is inherited from the agent.
///   The two tracking variables are added
/// @param workingDirectory where the command starts
/// @param jobTrackingId given to the command as `RUNNER_TRACKING_ID`; finds what a job left behind
/// @param stepTrackingId given to the command as `SLIPWAY_STEP`; finds the tree of this process, so
///   it must be unique: job, step and attempt, for example
/// @param leaseFile where {@link Executor#renewLease} keeps the lease of the job
/// @param limits budgets; {@link Limits#DEFAULT} unless there is a reason
/// @param place where the command runs
public record Launch(
        Path controlFolder,
        List<String> command,
        Map<String, String> environment,
        Path workingDirectory,
        String jobTrackingId,
        String stepTrackingId,
        Path leaseFile,
        Limits limits,
        Place place) {

    public static final String JOB_VARIABLE = "RUNNER_TRACKING_ID";
    public static final String STEP_VARIABLE = "SLIPWAY_STEP";

    /// Where a command runs.
    public sealed interface Place {
        /// On this machine.
        record Machine() implements Place {}

        /// In a running container, which sees the control folder, the lease file's folder and the
        /// supervisor's script under the paths that they have here.
        ///
        /// @param tools the programs of supervision, as the container has them
        record Inside(String container, Tools tools) implements Place {}

        /// In a container made for this command alone. Its name, labels and environment are those
        /// of the launch; the command may be empty, for the image's own.
        record Own(ContainerSpec container) implements Place {}
    }

    public Launch {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        if (command.isEmpty() && !(place instanceof Place.Own)) {
            throw new IllegalArgumentException("A launch needs a command; the list is empty.");
        }
        requireWord("job tracking id", jobTrackingId);
        requireWord("step tracking id", stepTrackingId);
        command.forEach(word -> requireNoNul("command", word));
        environment.forEach(Launch::requireVariable);
    }

    private static void requireWord(String what, String value) {
        if (!value.matches("[A-Za-z0-9][A-Za-z0-9._:/-]{0,199}")) {
            throw new IllegalArgumentException(
                    "The %s '%s' must be 1 to 200 letters, digits or any of ._:/-"
                            .formatted(what, value));
        }
    }

    private static void requireNoNul(String what, String value) {
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "The %s holds a NUL character, which no process can be given.".formatted(what));
        }
    }

    private static void requireVariable(String name, String value) {
        if (name.isEmpty() || name.indexOf('=') >= 0) {
            throw new IllegalArgumentException(
                    "The environment variable name '%s' is empty or holds '='.".formatted(name));
        }
        requireNoNul("environment variable " + name, name);
        requireNoNul("environment variable " + name, value);
    }

    /// The budgets of one process.
    ///
    /// @param unacknowledgedBytes how much output may wait on disk for acknowledgement before the
    ///   process is held up; exceeded by at most `segmentBytes`
    /// @param segmentBytes the largest file of output
    /// @param drain how long output is still recorded after the main process has ended, for
    ///   background children that hold the pipe
    /// @param killGrace how long before the end of the lease killing starts
    public record Limits(
            long unacknowledgedBytes, long segmentBytes, Duration drain, Duration killGrace) {
        public static final Limits DEFAULT =
                new Limits(
                        256L * 1024 * 1024,
                        8L * 1024 * 1024,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(10));

        public Limits {
            if (segmentBytes < 32 * 1024 || unacknowledgedBytes < segmentBytes) {
                throw new IllegalArgumentException(
                        "A segment holds at least 32 KiB and the budget at least one segment, but"
                                + " they are %d and %d bytes."
                                        .formatted(segmentBytes, unacknowledgedBytes));
            }
            if (drain.isNegative() || killGrace.isNegative()) {
                throw new IllegalArgumentException("Drain time and kill grace cannot be negative.");
            }
        }
    }
}
