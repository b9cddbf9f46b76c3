package dev.slipway.agent.runner;

import dev.slipway.agent.executor.OutputLostException;
import dev.slipway.agent.executor.RunningProcess;
import dev.slipway.agent.output.Annotation.Level;
import dev.slipway.agent.output.Annotation.Place;
import dev.slipway.agent.output.StepLog;
import dev.slipway.agent.runner.AttemptView.AnnotationView;

import java.io.IOException;
import java.util.List;

/// The log of one step as the runner writes it: the output of its processes and lines of its own.
///
/// Everything is written once also when the program runs again after a restart: output by its
/// offset, own lines by their key. A disk that refuses the log fails the attempt.
final class StepOutput {
    private static final int BUFFER = 64 * 1024;

    private final int number;
    private final StepLog log;
    private final StepCommands commands;
    private final StepLogs logs;

    StepOutput(int number, StepLog log, StepCommands commands, StepLogs logs) {
        this.number = number;
        this.log = log;
        this.commands = commands;
        this.logs = logs;
    }

    int number() {
        return number;
    }

    /// Raw bytes of output so far.
    long rawEnd() {
        return log.rawOffset();
    }

    void say(String key, String line) {
        say(key, List.of(line));
    }

    /// Writes lines of Slipway itself, once per key.
    void say(String key, List<String> lines) {
        writing(() -> log.say(key, lines.stream().flatMap(String::lines).toList()));
    }

    /// Shows an error in the log and beside the run.
    void error(String key, String message) {
        annotate(key, Level.ERROR, "", message, Place.NONE);
    }

    void warning(String key, String message) {
        annotate(key, Level.WARNING, "", message, Place.NONE);
    }

    /// Shows a message at a place of the code.
    void annotate(String key, Level level, String title, String message, Place place) {
        var masks = logs.masks();
        logs.annotate(
                new AnnotationView(
                        number + ":own:" + key,
                        number,
                        level.label(),
                        masks.apply(message),
                        masks.apply(title),
                        masks.apply(place.file()),
                        place.line(),
                        place.endLine(),
                        place.column(),
                        place.endColumn()));
        String where = title.isEmpty() ? "" : title + ": ";
        say(key, "##[" + level.label() + "]" + where + message);
    }

    /// Copies a process's output into the log until its end.
    ///
    /// @param base where the process's output starts in the step's
    /// @param leaf names the process in the checkpoint
    void pump(RunningProcess process, long base, String leaf) throws InterruptedException {
        commands.enter(leaf);
        byte[] buffer = new byte[BUFFER];
        boolean more = true;
        while (more) {
            try {
                int length = process.read(log.rawOffset() - base, buffer);
                more = length >= 0;
                if (length > 0) {
                    log.accept(buffer, length);
                    process.acknowledge(log.safeTo() - base);
                }
            } catch (OutputLostException gap) {
                logs.incomplete(String.valueOf(gap.getMessage()));
                writing(() -> log.lost(base + gap.resumeAt(), String.valueOf(gap.getMessage())));
            } catch (IOException problem) {
                throw new InfrastructureException(
                        "cannot keep a step's output: " + problem.getMessage(), problem);
            }
        }
        writing(log::endOutput);
    }

    /// What a process's commands asked for.
    Effects commandEffects(String leaf) {
        return commands.effects(leaf);
    }

    /// Whether a command of a process could not be obeyed.
    boolean commandFailed(String leaf) {
        return commands.failed(leaf);
    }

    /// Adds to the step's summary for people.
    ///
    /// @param markdown masked
    void summary(String markdown) {
        summary(commands.leaf(), markdown);
    }

    /// @param leaf names the part of the step that adds to it
    void summary(String leaf, String markdown) {
        logs.summary(number, leaf, markdown);
    }

    /// Ends the log.
    ///
    /// @return its length in raw bytes
    long end() {
        writing(log::finish);
        return log.rawOffset();
    }

    @FunctionalInterface
    private interface Writing {
        void run() throws IOException, InterruptedException;
    }

    private static void writing(Writing action) {
        try {
            action.run();
        } catch (IOException problem) {
            throw new InfrastructureException(
                    "cannot keep a step's log: " + problem.getMessage(), problem);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InfrastructureException("the attempt was abandoned", stopped);
        }
    }
}
