package dev.slipway.agent.deployment.health;

import dev.slipway.time.Timers;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/// GET with bounds: time for the whole exchange, and bytes of the body. Redirects are not followed:
/// where a check is sent is part of its answer.
public final class Http implements AutoCloseable {
    /// What is read of a body; the rest is not looked at.
    static final int MAX_BODY = 1024 * 1024;

    private final HttpClient client;
    private final Timers timers;

    public Http(Timers timers) {
        this.timers = timers;
        this.client =
                HttpClient.newBuilder()
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(Duration.ofSeconds(10))
                        .build();
    }

    record Answer(int status, HttpHeaders headers, String body) {}

    /// @throws IOException when there is no whole answer in time; the message is for people
    Answer get(URI uri, List<Map.Entry<String, String>> headers, Duration timeout)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri).timeout(timeout).GET();
        headers.forEach(header -> request.header(header.getKey(), header.getValue()));
        var response = client.send(request.build(), BodyHandlers.ofInputStream());
        var late = new AtomicBoolean();
        InputStream body = response.body();
        // The request's own limit ends with the headers.
        var timer = timers.after(timeout, () -> cut(body, late));
        try (body) {
            byte[] bytes = body.readNBytes(MAX_BODY);
            if (late.get()) {
                throw new IOException("the body did not come within " + HealthGate.text(timeout));
            }
            return new Answer(
                    response.statusCode(),
                    response.headers(),
                    new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException problem) {
            if (late.get()) {
                throw new IOException(
                        "the body did not come within " + HealthGate.text(timeout), problem);
            }
            throw problem;
        } finally {
            timer.cancel();
        }
    }

    private static void cut(InputStream body, AtomicBoolean late) {
        late.set(true);
        try {
            body.close();
        } catch (IOException alreadyGone) {
            // Whoever reads it is told by its own exception.
            late.set(true);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
