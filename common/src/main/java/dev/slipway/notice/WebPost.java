package dev.slipway.notice;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Posts JSON once. A URL of a webhook is a secret: no exception's text has more of it than the
/// host.
public final class WebPost {
    /// The longest pause that a server may ask for.
    public static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private static final int TIMEOUT_MS = 20_000;
    private static final int MAX_ANSWER = 256 << 10;

    private WebPost() {}

    /// @param body of at most 256 KiB
    /// @param retryAfter what the server asks for, at most {@link #LONGEST_PAUSE}
    public record Answer(int status, String body, Optional<Duration> retryAfter) {
        public boolean ok() {
            return status >= 200 && status < 300;
        }

        /// May pass: too many requests, or the server's own trouble.
        public boolean passing() {
            return status == 408 || status == 425 || status == 429 || status >= 500;
        }

        /// The body as one line of at most 300 characters.
        public String line() {
            String line = body.strip().replaceAll("\\s+", " ");
            return line.substring(0, Math.min(300, line.length()));
        }
    }

    /// Reads a destination.
    ///
    /// @throws IllegalArgumentException when it is no http or https URL; the text does not have it
    public static URI destination(String url) {
        URI uri;
        try {
            uri = URI.create(url.strip());
        } catch (IllegalArgumentException wrong) {
            // Not as the cause: it has the URL in its text.
            throw new IllegalArgumentException("The destination is no URL.");
        }
        if (uri.getHost() == null || !List.of("http", "https").contains(uri.getScheme())) {
            throw new IllegalArgumentException("The destination is no http or https URL.");
        }
        return uri;
    }

    /// Posts once, without following redirects, and waits 20 s for the connection and as long for
    /// the answer.
    ///
    /// @throws IOException when no answer comes
    public static Answer send(URI to, Proxy proxy, Map<String, String> headers, byte[] body)
            throws IOException {
        var connection = (HttpURLConnection) to.toURL().openConnection(proxy);
        try {
            connection.setConnectTimeout(TIMEOUT_MS);
            connection.setReadTimeout(TIMEOUT_MS);
            connection.setInstanceFollowRedirects(false);
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(body.length);
            connection.setRequestProperty("Content-Type", "application/json; charset=utf-8");
            headers.forEach(connection::setRequestProperty);
            try (var out = connection.getOutputStream()) {
                out.write(body);
            }
            int status = connection.getResponseCode();
            return new Answer(status, text(connection, status), retryAfter(connection));
        } catch (IOException unreachable) {
            // Not as the cause: the URL may be a secret, and is in its text.
            String said = String.valueOf(unreachable.getMessage());
            throw new IOException(said.replace(to.toString(), to.getHost()));
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

    /// The proxy on the way to a destination, as curl has it: `https_proxy`, `http_proxy`,
    /// `no_proxy`, in either case.
    ///
    /// @param given what goes over the environment; empty: nothing does
    public static Proxy proxy(URI to, Map<String, String> environment, String given) {
        String host = to.getHost().toLowerCase(Locale.ROOT);
        boolean direct =
                Arrays.stream(variable(environment, "no_proxy").split(","))
                        .map(String::strip)
                        .filter(part -> !part.isEmpty())
                        .anyMatch(part -> covers(part, host));
        String named = given.isEmpty() ? variable(environment, to.getScheme() + "_proxy") : given;
        if (direct && given.isEmpty() || named.isEmpty()) {
            return Proxy.NO_PROXY;
        }
        URI proxy = URI.create(named.contains("://") ? named : "http://" + named);
        int port = proxy.getPort() < 0 ? 80 : proxy.getPort();
        return new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy.getHost(), port));
    }

    private static boolean covers(String part, String host) {
        return part.equals("*")
                || host.equals(part)
                || host.endsWith("." + part.replaceFirst("^\\.", ""));
    }

    private static String variable(Map<String, String> environment, String name) {
        String lower = environment.getOrDefault(name, "");
        return lower.isEmpty()
                ? environment.getOrDefault(name.toUpperCase(Locale.ROOT), "")
                : lower;
    }
}
