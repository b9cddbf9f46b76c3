package dev.slipway.agent.deployment.health;

import dev.slipway.agent.deployment.Inputs;
import dev.slipway.time.Clock;
import dev.slipway.time.Timers;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Makes the gate that a step's inputs describe.
public final class GateInputs {
    /// With their defaults, in the order of the documentation.
    public static final List<String> NAMES =
            List.of(
                    "health-url",
                    "health-status",
                    "health-contains",
                    "health-matches",
                    "health-headers",
                    "health-request-headers",
                    "health-timeout",
                    "health-interval",
                    "health-successes",
                    "health-failures",
                    "health-deadline",
                    "health-window",
                    "prometheus-url",
                    "prometheus-query",
                    "prometheus-compare",
                    "prometheus-request-headers");

    private static final Pattern RANGE = Pattern.compile("([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?");
    private static final int MOST = 1000;

    private final Inputs inputs;

    public GateInputs(Inputs inputs) {
        this.inputs = inputs;
    }

    /// What the gate works with.
    public record Parts(
            Http http,
            Clock clock,
            Timers timers,
            Consumer<String> say,
            Consumer<String> recordBefore,
            java.util.function.Supplier<Optional<String>> recallBefore) {}

    /// @throws IllegalArgumentException naming the input that is wrong
    public HealthGate gate(Parts parts) {
        var checks = new ArrayList<HttpCheck>();
        var wanted = wanted();
        for (String url : inputs.lines("health-url")) {
            checks.add(new HttpCheck(parts.http(), uri("health-url", url), wanted));
        }
        return new HealthGate(
                checks, metric(parts), times(), parts.clock(), parts.timers(), parts.say());
    }

    /// Whether anything but the life of what was started says that it is healthy.
    public boolean isEmpty() {
        return inputs.text("health-url").isEmpty() && inputs.text("prometheus-query").isEmpty();
    }

    private GateTimes times() {
        var usual = GateTimes.DEFAULT;
        Duration interval = inputs.duration("health-interval", usual.interval());
        if (interval.compareTo(Duration.ofMillis(50)) < 0) {
            throw inputs.wrong("health-interval", "at least 50ms");
        }
        return new GateTimes(
                interval,
                inputs.number("health-successes", usual.successes(), 1, MOST),
                inputs.number("health-failures", usual.failures(), 1, MOST),
                inputs.duration("health-deadline", usual.deadline()),
                inputs.duration("health-window", usual.window()));
    }

    private HttpCheck.Wanted wanted() {
        var headers = new ArrayList<Map.Entry<String, Pattern>>();
        for (var header : inputs.headers("health-headers")) {
            headers.add(Map.entry(header.getKey(), pattern("health-headers", header.getValue())));
        }
        String regex = inputs.text("health-matches");
        return new HttpCheck.Wanted(
                statuses(),
                inputs.text("health-contains"),
                regex.isEmpty() ? Optional.empty() : Optional.of(pattern("health-matches", regex)),
                headers,
                requestHeaders("health-request-headers"),
                inputs.duration("health-timeout", Duration.ofSeconds(5)));
    }

    private List<int[]> statuses() {
        String text = inputs.text("health-status");
        var ranges = new ArrayList<int[]>();
        for (String part : (text.isEmpty() ? "200-299" : text).split("[,\\s]+")) {
            var matcher = RANGE.matcher(part);
            if (!matcher.matches()) {
                throw inputs.wrong(
                        "health-status", "status codes or ranges, such as 200 or 200-299,404");
            }
            int from = Integer.parseInt(matcher.group(1));
            ranges.add(
                    new int[] {
                        from, matcher.group(2) == null ? from : Integer.parseInt(matcher.group(2))
                    });
        }
        return ranges;
    }

    private Optional<MetricCheck> metric(Parts parts) {
        String query = inputs.text("prometheus-query");
        if (query.isEmpty()) {
            return Optional.empty();
        }
        URI base = uri("prometheus-url", inputs.required("prometheus-url"));
        Comparison wanted =
                Comparison.parse(inputs.required("prometheus-compare"))
                        .orElseThrow(
                                () ->
                                        inputs.wrong(
                                                "prometheus-compare",
                                                "a comparison such as '< 0.05' or '<= before *"
                                                        + " 1.2'"));
        return Optional.of(
                new MetricCheck(
                        new Prometheus(
                                parts.http(),
                                base,
                                query,
                                requestHeaders("prometheus-request-headers")),
                        wanted,
                        new MetricCheck.Memory() {
                            @Override
                            public Optional<String> recall() {
                                return parts.recallBefore().get();
                            }

                            @Override
                            public void record(String value) {
                                parts.recordBefore().accept(value);
                            }
                        }));
    }

    private List<Map.Entry<String, String>> requestHeaders(String name) {
        var headers = inputs.headers(name);
        try {
            var probe = java.net.http.HttpRequest.newBuilder(URI.create("http://localhost/"));
            headers.forEach(header -> probe.header(header.getKey(), header.getValue()));
        } catch (IllegalArgumentException refused) {
            // The value may be a secret: only the reason is said.
            throw new IllegalArgumentException(
                    "Invalid input %s: a header cannot be sent. Names are letters, digits and"
                                    .formatted(name)
                            + " hyphens; Host, Connection and Content-Length are not allowed.",
                    refused);
        }
        return headers;
    }

    private Pattern pattern(String name, String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException malformed) {
            throw new IllegalArgumentException(
                    "Invalid input %s: '%s' is not a regular expression: %s"
                            .formatted(name, regex, malformed.getDescription()),
                    malformed);
        }
    }

    private URI uri(String name, String text) {
        try {
            URI uri = URI.create(text);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    "Invalid input %s: '%s' is not an address: %s"
                            .formatted(name, text, malformed.getMessage()),
                    malformed);
        }
        throw inputs.wrong(name, "an address such as http://127.0.0.1:8080/healthz");
    }
}
