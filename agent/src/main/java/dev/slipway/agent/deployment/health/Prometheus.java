package dev.slipway.agent.deployment.health;

import dev.slipway.agent.deployment.health.MetricCheck.Answer;
import dev.slipway.expression.Json;
import dev.slipway.expression.Value;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// An instant query of Prometheus' HTTP API (`/api/v1/query`) whose answer is one number: a scalar,
/// or a vector of one element.
final class Prometheus implements MetricCheck.Source {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int SHOWN = 200;

    private final Http http;
    private final URI query;
    private final List<Map.Entry<String, String>> headers;

    /// @param base such as `http://prometheus:9090`
    /// @param headers of the request: an authorization
    Prometheus(Http http, URI base, String query, List<Map.Entry<String, String>> headers) {
        this.http = http;
        this.headers = headers;
        String root = base.toString().replaceFirst("/+$", "");
        this.query =
                URI.create(
                        root
                                + "/api/v1/query?query="
                                + URLEncoder.encode(query, StandardCharsets.UTF_8));
    }

    @Override
    public Answer ask() throws InterruptedException {
        try {
            var answer = http.get(query, headers, TIMEOUT);
            if (answer.status() != 200) {
                return new Answer(
                        null,
                        "Prometheus answered with status %d: %s"
                                .formatted(answer.status(), shown(answer.body())));
            }
            return read(Json.parse(answer.body()));
        } catch (IOException problem) {
            return new Answer(null, "Prometheus does not answer: " + problem);
        } catch (IllegalArgumentException malformed) {
            return new Answer(
                    null, "Prometheus' answer is not understood: " + malformed.getMessage());
        }
    }

    private static Answer read(Value answer) {
        Value data = answer.get("data");
        Value result = data.get("result");
        String type = data.get("resultType").text();
        if (type.equals("scalar")) {
            return number(result.get(1).text());
        }
        if (!type.equals("vector") || !(result instanceof Value.ArrayValue(var items))) {
            return new Answer(null, "the query's result is a %s, not one number".formatted(type));
        }
        return switch (items.size()) {
            case 0 -> new Answer(null, "the query has no result");
            case 1 -> number(items.getFirst().get("value").get(1).text());
            default ->
                    new Answer(
                            null,
                            ("the query has %d results; aggregate them to one, with sum() or"
                                            + " max()")
                                    .formatted(items.size()));
        };
    }

    private static Answer number(String text) {
        try {
            double value = Double.parseDouble(text.replace("Inf", "Infinity"));
            return Double.isNaN(value)
                    ? new Answer(null, "the query's result is not a number (no data?)")
                    : new Answer(value, "");
        } catch (NumberFormatException malformed) {
            return new Answer(null, "'%s' is not a number".formatted(text));
        }
    }

    private static String shown(String body) {
        return body.length() <= SHOWN ? body : body.substring(0, SHOWN) + "…";
    }
}
