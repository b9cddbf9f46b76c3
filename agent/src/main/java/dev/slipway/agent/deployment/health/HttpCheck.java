package dev.slipway.agent.deployment.health;

import dev.slipway.agent.deployment.Release;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Asks one address and compares the answer.
final class HttpCheck implements Check {
    /// Stands for the version that is looked at: the new one, or the one that was brought back.
    static final String VERSION = "{version}";

    private static final int SHOWN = 120;

    private final Http http;
    private final URI uri;
    private final Wanted wanted;

    /// What an answer must be like.
    ///
    /// @param statuses from and to, both included
    /// @param contains a text of the body; empty: any
    /// @param matches found in the body; empty: any
    /// @param headers name and pattern, found in one of the header's values
    /// @param sent headers of the request
    /// @param timeout for the whole answer
    record Wanted(
            List<int[]> statuses,
            String contains,
            Optional<Pattern> matches,
            List<Map.Entry<String, Pattern>> headers,
            List<Map.Entry<String, String>> sent,
            Duration timeout) {}

    HttpCheck(Http http, URI uri, Wanted wanted) {
        this.http = http;
        this.uri = uri;
        this.wanted = wanted;
    }

    @Override
    public Optional<String> look(Release release) throws InterruptedException {
        try {
            return compare(http.get(uri, wanted.sent(), wanted.timeout()), release)
                    .map(wrong -> "GET %s: %s".formatted(uri, wrong));
        } catch (IOException problem) {
            return Optional.of("GET %s: %s".formatted(uri, text(problem)));
        }
    }

    private Optional<String> compare(Http.Answer answer, Release release) {
        int status = answer.status();
        if (wanted.statuses().stream().noneMatch(range -> in(status, range))) {
            return Optional.of(
                    "status %d instead of %s".formatted(status, ranges(wanted.statuses())));
        }
        String part = wanted.contains().replace(VERSION, release.version());
        if (!part.isEmpty() && !answer.body().contains(part)) {
            return Optional.of(
                    "the body does not contain '%s' but is '%s'"
                            .formatted(part, shown(answer.body())));
        }
        if (wanted.matches().isPresent() && !wanted.matches().get().matcher(answer.body()).find()) {
            return Optional.of(
                    "nothing in the body matches /%s/; it is '%s'"
                            .formatted(wanted.matches().get(), shown(answer.body())));
        }
        for (var header : wanted.headers()) {
            List<String> values = answer.headers().allValues(header.getKey());
            if (values.stream().noneMatch(value -> header.getValue().matcher(value).find())) {
                return Optional.of(
                        "header %s is %s, which does not match /%s/"
                                .formatted(
                                        header.getKey(),
                                        values.isEmpty() ? "missing" : values,
                                        header.getValue()));
            }
        }
        return Optional.empty();
    }

    private static boolean in(int status, int[] range) {
        return status >= range[0] && status <= range[1];
    }

    private static String ranges(List<int[]> ranges) {
        return ranges.stream()
                .map(
                        range ->
                                range[0] == range[1]
                                        ? Integer.toString(range[0])
                                        : range[0] + "-" + range[1])
                .collect(java.util.stream.Collectors.joining(","));
    }

    private static String shown(String body) {
        String line = body.strip().replaceAll("\\s+", " ");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
    }

    private String text(IOException problem) {
        return switch (problem) {
            case HttpConnectTimeoutException _ -> "no connection in time";
            case HttpTimeoutException _ -> "no answer within " + HealthGate.text(wanted.timeout());
            case ConnectException _ -> "connection refused";
            default ->
                    problem.getMessage() == null
                            ? problem.getClass().getSimpleName()
                            : problem.getMessage();
        };
    }
}
