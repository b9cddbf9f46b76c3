package dev.slipway.simulation;

import dev.slipway.agent.executor.Launch;
import dev.slipway.agent.executor.Script;
import dev.slipway.agent.executor.Script.Act;
import dev.slipway.id.AttemptId;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What a simulated step does: written into the workflow as the variable `DO`, read back from the
/// process that is launched. It prints numbered lines and ends.
///
/// @param name of the step, unique in its job
/// @param lines how many lines it prints
/// @param millis between two lines
/// @param end how it ends
/// @param stubborn ignores every signal but SIGKILL
/// @param tells prints a secret in its first line
record Task(String name, int lines, int millis, End end, boolean stubborn, boolean tells) {
    /// The secret that some runs are given.
    static final String SECRET = "s3cr3t-0f-th3-f4rm";

    private static final String VARIABLE = "DO";

    /// How a task ends.
    enum End {
        SUCCESS,
        FAILURE,
        /// Never, by itself.
        HANG,
        OUT_OF_MEMORY,
        SUPERVISOR_LOST,
        OUTPUT_LOST
    }

    /// The `env` of the step.
    String env() {
        return "{%s: '%s %d %d %s %s %s'}"
                .formatted(VARIABLE, name, lines, millis, end, stubborn, tells);
    }

    static Task of(Launch launch) {
        String[] words = String.valueOf(launch.environment().get(VARIABLE)).split(" ");
        return new Task(
                words[0],
                Integer.parseInt(words[1]),
                Integer.parseInt(words[2]),
                End.valueOf(words[3]),
                Boolean.parseBoolean(words[4]),
                Boolean.parseBoolean(words[5]));
    }

    static AttemptId attemptOf(Launch launch) {
        String tracking = launch.jobTrackingId();
        return AttemptId.parse(tracking.substring(tracking.lastIndexOf(':') + 1));
    }

    /// A printed line as the log must show it.
    static String masked(String line) {
        return line.replace(SECRET, "***");
    }

    static Script scriptOf(Launch launch) {
        return of(launch).script(attemptOf(launch));
    }

    private Script script(AttemptId attempt) {
        List<Act> acts = new ArrayList<>();
        for (int line = 0; line < lines; line++) {
            if (end == End.OUTPUT_LOST && line == lines / 2) {
                acts.add(new Act.LoseOutput("the simulated disk is full"));
            }
            String more = tells && line == 0 ? " token=" + SECRET : "";
            acts.add(new Act.Print("%s %s %d%s\n".formatted(name, attempt, line, more)));
            acts.add(new Act.Work(Duration.ofMillis(millis)));
        }
        acts.add(
                switch (end) {
                    case SUCCESS, OUTPUT_LOST -> new Act.End(0);
                    case FAILURE -> new Act.End(1);
                    case HANG -> new Act.Hang();
                    case OUT_OF_MEMORY -> new Act.RunOutOfMemory();
                    case SUPERVISOR_LOST -> new Act.LoseSupervisor();
                });
        return new Script(acts, Duration.ofMillis(millis % 7 * 10L), stubborn, stubborn);
    }
}
