package dev.slipway.agent.actions;

import dev.slipway.expression.Json;
import dev.slipway.expression.Value;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Posts messages to services outside, patiently: what fails for a reason that may pass is tried
/// again, three times more at most. A URL of a webhook is a secret: only its host is ever said.
final class Messenger {
    private static final int TRIES = 4;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final int TIMEOUT_MS = 20_000;
    private static final int MAX_ANSWER = 256 << 10;

    /// What an operator sets in the agent's environment, so that a message without a destination
    /// does not fail its step.
    private static final String WITHOUT_DESTINATION = "NOTIFY_WITHOUT_DESTINATION";

    private final ActionCall call;

    Messenger(ActionCall call) {
        this.call = call;
    }

    /// @param body of at most 256 KiB
    record Answer(int status, String body, Optional<Duration> retryAfter) {
        boolean ok() {
            return status >= 200 && status < 300;
        }

        /// May pass: too many requests, or the server's own trouble.
        boolean passing() {
            return status == 429 || status >= 500;
        }
    }

    /// Posts JSON.
    ///
    /// @throws ActionFailure when nobody takes it
    Answer post(String url, Map<String, String> headers, Value body) throws InterruptedException {
        return post(url, headers, Json.compact(body).getBytes(StandardCharsets.UTF_8));
    }

    Answer post(String url, Map<String, String> headers, byte[] body) throws InterruptedException {
        URI uri = uri(url);
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Content-Type", "application/json; charset=utf-8");
        Duration pause = Duration.ofSeconds(1);
        for (int attempt = 1; ; attempt++) {
            String why;
            try {
                Answer answer = send(uri, all, body);
                if (!answer.passing() || attempt == tries()) {
                    return answer;
                }
                why = "HTTP " + answer.status();
                pause = answer.retryAfter().orElse(pause);
            } catch (IOException unreachable) {
                why = String.valueOf(unreachable.getMessage()).replace(url, uri.getHost());
                if (attempt == tries()) {
                    throw new ActionFailure(
                            "%s could not be reached: %s".formatted(uri.getHost(), why),
                            unreachable);
                }
            }
            call.say(
                    "%s did not take it (%s); trying again in %d s"
                            .formatted(uri.getHost(), why, pause.toSeconds()));
            call.timers().pause(pause);
            Duration doubled = pause.multipliedBy(2);
            pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
        }
    }

    /// A message has no destination: the step fails, unless the farm's operator said otherwise.
    void withoutDestination(String what) {
        String choice = call.environment().getOrDefault(WITHOUT_DESTINATION, "fail");
        switch (choice) {
            case "warn" -> call.warn(what);
            case "ignore" -> call.say(what);
            default ->
                    throw new ActionFailure(
                            what
                                    + " (Whoever runs the agents can set "
                                    + WITHOUT_DESTINATION
                                    + "=warn in their environment: then this does not fail the"
                                    + " step.)");
        }
    }

    private static URI uri(String url) {
        try {
            URI uri = URI.create(url.strip());
            if (uri.getHost() == null
                    || !Arrays.asList("http", "https").contains(uri.getScheme())) {
                throw new ActionFailure("The destination is no http or https URL.");
            }
            return uri;
        } catch (IllegalArgumentException wrong) {
            throw new ActionFailure("The destination is no URL.", wrong);
        }
    }

    /// As the input `retries` has it, if the action has one: 0 means once.
    private int tries() {
        return call.input("retries").equals("0") ? 1 : TRIES;
    }

    private Answer send(URI uri, Map<String, String> headers, byte[] body) throws IOException {
        var connection = (HttpURLConnection) uri.toURL().openConnection(proxy(uri));
        try {
            connection.setConnectTimeout(TIMEOUT_MS);
            connection.setReadTimeout(TIMEOUT_MS);
            connection.setInstanceFollowRedirects(false);
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(body.length);
            headers.forEach(connection::setRequestProperty);
            try (var out = connection.getOutputStream()) {
                out.write(body);
            }
            int status = connection.getResponseCode();
            return new Answer(status, text(connection, status), retryAfter(connection));
        } finally {
            connection.disconnect();
        }
    }

    private static String text(HttpURLConnection connection, int status) throws IOException {
        InputStream stream =
                status >= 400 ? connection.getErrorStream() : connection.getInputStream();
        if (stream == null) {
            return "";
        }
        try (stream) {
            return new String(stream.readNBytes(MAX_ANSWER), StandardCharsets.UTF_8);
        }
    }

    private static Optional<Duration> retryAfter(HttpURLConnection connection) {
        String seconds = connection.getHeaderField("Retry-After");
        if (seconds == null || !seconds.strip().matches("\\d{1,6}")) {
            return Optional.empty();
        }
        Duration asked = Duration.ofSeconds(Long.parseLong(seconds.strip()));
        return Optional.of(asked.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : asked);
    }

    /// The input `proxy`, else as curl has it: `https_proxy`, `http_proxy`, `no_proxy`, in either
    /// case.
    private Proxy proxy(URI uri) {
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        boolean direct =
                Arrays.stream(variable("no_proxy").split(","))
                        .map(String::strip)
                        .filter(part -> !part.isEmpty())
                        .anyMatch(
                                part ->
                                        part.equals("*")
                                                || host.equals(part)
                                                || host.endsWith(
                                                        "." + part.replaceFirst("^\\.", "")));
        String given = call.input("proxy");
        String named = given.isEmpty() ? variable(uri.getScheme() + "_proxy") : given;
        if (direct && given.isEmpty() || named.isEmpty()) {
            return Proxy.NO_PROXY;
        }
        URI proxy = URI.create(named.contains("://") ? named : "http://" + named);
        int port = proxy.getPort() < 0 ? 80 : proxy.getPort();
        return new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy.getHost(), port));
    }

    private String variable(String name) {
        Map<String, String> all = call.environment();
        String lower = all.getOrDefault(name, "");
        return lower.isEmpty() ? all.getOrDefault(name.toUpperCase(Locale.ROOT), "") : lower;
    }
}
