package dev.slipway.agent.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectExecResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Commands that are run inside of running containers. Any thread may use it.
public final class Execs {
    /// The most output that a command may have whose output is wanted.
    private static final int MAX_OUTPUT = 8 << 20;

    private final DockerEngine engine;

    public Execs(DockerEngine engine) {
        this.engine = engine;
    }

    /// Prepares a command; nothing runs yet.
    ///
    /// @return how the engine calls it
    public String prepare(String container, List<String> command) throws DockerException {
        return Containers.call(
                "prepare a command in a container",
                () ->
                        engine.client()
                                .execCreateCmd(container)
                                .withCmd(command.toArray(String[]::new))
                                .exec()
                                .getId());
    }

    /// Starts it without waiting for its end.
    public void startDetached(String exec) throws DockerException {
        try (var callback = new ResultCallback.Adapter<Frame>()) {
            engine.client().execStartCmd(exec).withDetach(true).exec(callback).awaitCompletion();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new DockerException("Interrupted while a command was started.", stopped);
        } catch (IOException | RuntimeException problem) {
            throw new DockerException(
                    "The Docker engine cannot run a command in the container: "
                            + problem.getMessage(),
                    problem);
        }
    }

    /// Whether a command runs; false also when the engine knows nothing of it.
    public boolean isRunning(String exec) throws DockerException {
        return Containers.call(
                "look at a command",
                () -> {
                    try {
                        InspectExecResponse found = engine.client().inspectExecCmd(exec).exec();
                        return Boolean.TRUE.equals(found.isRunning());
                    } catch (NotFoundException gone) {
                        return false;
                    }
                });
    }

    /// How a command ended.
    ///
    /// @param output its stdout
    /// @param complaints its stderr
    public record Result(int code, String output, String complaints) {}

    /// Runs a command to its end, as the container's user. Empty when the container is gone or does
    /// not run.
    public Optional<Result> run(String container, List<String> command) throws IOException {
        return run(container, "", command);
    }

    /// @param user whose process it is; empty for the container's
    public Optional<Result> run(String container, String user, List<String> command)
            throws IOException {
        try {
            var create =
                    engine.client()
                            .execCreateCmd(container)
                            .withAttachStdout(true)
                            .withAttachStderr(true)
                            .withCmd(command.toArray(String[]::new));
            if (!user.isEmpty()) {
                create.withUser(user);
            }
            String exec = create.exec().getId();
            var out = new ByteArrayOutputStream();
            var err = new ByteArrayOutputStream();
            try (var callback = collector(out, err)) {
                engine.client().execStartCmd(exec).exec(callback).awaitCompletion();
            }
            Long code = engine.client().inspectExecCmd(exec).exec().getExitCodeLong();
            return Optional.of(
                    new Result(
                            code == null ? -1 : code.intValue(),
                            out.toString(StandardCharsets.UTF_8),
                            err.toString(StandardCharsets.UTF_8)));
        } catch (NotFoundException | ConflictException gone) {
            return Optional.empty();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted while a command ran");
        } catch (RuntimeException problem) {
            throw Containers.problem("run a command in a container", problem);
        }
    }

    private static ResultCallback.Adapter<Frame> collector(
            ByteArrayOutputStream out, ByteArrayOutputStream err) {
        return new ResultCallback.Adapter<>() {
            @Override
            public void onNext(Frame frame) {
                var into = frame.getStreamType() == StreamType.STDERR ? err : out;
                if (into.size() + frame.getPayload().length <= MAX_OUTPUT) {
                    into.writeBytes(frame.getPayload());
                }
            }
        };
    }
}
