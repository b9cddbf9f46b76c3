package dev.slipway.agent.docker;

import com.github.dockerjava.transport.DockerHttpClient;

import dev.slipway.time.Threads;
import dev.slipway.time.Timers;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// Gives a call up when the engine does not begin to answer in time. The transport's own limit does
/// not hold for Unix sockets, whose reads know no time-out. A call that was given up keeps its
/// connection until the engine answers or the client is closed.
final class BoundedHttpClient implements DockerHttpClient {
    private static final Logger LOG = LoggerFactory.getLogger(BoundedHttpClient.class);

    private final DockerHttpClient transport;
    private final Duration silence;
    private final Timers timers;
    private final Threads threads;

    /// @param silence how long the engine may take until it begins to answer
    BoundedHttpClient(
            DockerHttpClient transport, Duration silence, Timers timers, Threads threads) {
        this.transport = transport;
        this.silence = silence;
        this.timers = timers;
        this.threads = threads;
    }

    /// @throws IllegalStateException when there is no answer in time, or the caller is interrupted
    @Override
    public Response execute(Request request) {
        var answer = new CompletableFuture<Response>();
        threads.start("docker-call", () -> call(request, answer));
        Timers.Timer late =
                timers.after(
                        silence,
                        () ->
                                answer.completeExceptionally(
                                        new IllegalStateException(
                                                "no answer within " + silence.toSeconds() + " s")));
        try {
            return answer.get();
        } catch (InterruptedException stopped) {
            answer.cancel(false);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the engine was asked", stopped);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException problem
                    ? problem
                    : new IllegalStateException(failed.getCause());
        } finally {
            late.cancel();
        }
    }

    private void call(Request request, CompletableFuture<Response> answer) {
        try {
            Response response = transport.execute(request);
            if (!answer.complete(response)) {
                response.close(); // Nobody waits for it any more.
            }
        } catch (RuntimeException problem) {
            if (!answer.completeExceptionally(problem)) {
                LOG.debug("A call that was given up has failed.", problem);
            }
        }
    }

    @Override
    public void close() throws IOException {
        transport.close();
    }
}
