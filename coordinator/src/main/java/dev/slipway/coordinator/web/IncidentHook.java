package dev.slipway.coordinator.web;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.expression.Json;
import dev.slipway.expression.Value;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// `POST /incidents`: a program outside says that an incident began or ended, in a JSON body signed
/// with a shared key. A key of an incident is opened once for ever, so that the same message may
/// come any number of times, and a recorded one does nothing when it is sent again.
public final class IncidentHook implements Handler {
    private static final Logger LOG = LoggerFactory.getLogger(IncidentHook.class);

    /// The first is what `slipway/notify@v1` signs with, the second what GitHub does.
    private static final List<HeaderName> SIGNATURES =
            List.of(
                    HeaderNames.create("X-Slipway-Signature-256"),
                    HeaderNames.create("X-Hub-Signature-256"));

    private static final String SCHEME = "sha256=";
    private static final int MAX_BODY = 64 << 10;
    private static final int MAX_TEXT = 500;
    private static final int SHORTEST_KEY = 16;
    private static final int LONGEST_KEY = 4096;

    private final SecretKeySpec key;
    private final Desk desk;

    /// Who is told.
    public interface Desk {
        /// The same key again is the same incident, open or closed.
        ///
        /// @param project may be empty when only one has that environment
        /// @param deployment that caused it; 0: the current one
        Taken open(String project, String environment, long deployment, String key, String title)
                throws InterruptedException;

        /// Closing what is closed changes nothing.
        Taken close(String key) throws InterruptedException;
    }

    /// What became of a message.
    public record Taken(long id, boolean open) {}

    /// @param keyFile holds the shared key; white space around it does not count
    /// @throws SlipwayException when there is no usable key in it
    public IncidentHook(Path keyFile, Desk desk) {
        this.key = new SecretKeySpec(read(keyFile), "HmacSHA256");
        this.desk = desk;
    }

    private static byte[] read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            var text = new String(in.readNBytes(LONGEST_KEY + 1), StandardCharsets.UTF_8);
            byte[] bytes = text.strip().getBytes(StandardCharsets.UTF_8);
            if (bytes.length < SHORTEST_KEY || bytes.length > LONGEST_KEY) {
                throw new SlipwayException(
                        ErrorCode.INVALID_ARGUMENT,
                        ("The key in %s has %d bytes; it may have %d to %d. Make one with:"
                                        + " openssl rand -hex 32")
                                .formatted(file, bytes.length, SHORTEST_KEY, LONGEST_KEY));
            }
            return bytes;
        } catch (IOException problem) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "The file of --incident-key-file cannot be read (%s).".formatted(problem),
                    problem);
        }
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws IOException {
        byte[] body;
        try (InputStream in = request.content().inputStream()) {
            body = in.readNBytes(MAX_BODY + 1);
        }
        if (body.length > MAX_BODY) {
            answer(
                    response,
                    Status.REQUEST_ENTITY_TOO_LARGE_413,
                    error("The body may have at most %d bytes.".formatted(MAX_BODY)));
        } else if (!signed(request, body)) {
            LOG.debug("A message about an incident is not signed with the key; it is refused.");
            answer(
                    response,
                    Status.FORBIDDEN_403,
                    error(
                            "The body is not signed with the key of this farm. Send"
                                    + " X-Slipway-Signature-256: sha256=HMAC."));
        } else {
            taken(new String(body, StandardCharsets.UTF_8), response);
        }
    }

    private boolean signed(ServerRequest request, byte[] body) {
        Optional<String> given =
                SIGNATURES.stream()
                        .flatMap(name -> request.headers().first(name).stream())
                        .findFirst();
        String right = SCHEME + HexFormat.of().formatHex(hmac(body));
        return given.isPresent()
                && MessageDigest.isEqual(
                        right.getBytes(StandardCharsets.UTF_8),
                        given.get().strip().getBytes(StandardCharsets.UTF_8));
    }

    private byte[] hmac(byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(body);
        } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
            throw new IllegalStateException("every JDK has HmacSHA256", impossible);
        }
    }

    private void taken(String body, ServerResponse response) {
        try {
            Taken taken = told(parsed(body));
            answer(
                    response,
                    Status.OK_200,
                    "{\"id\":%d,\"open\":%b}".formatted(taken.id(), taken.open()));
        } catch (SlipwayException refused) {
            answer(response, status(refused.code()), error(refused.getMessage()));
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            answer(
                    response,
                    Status.SERVICE_UNAVAILABLE_503,
                    error("The coordinator stops. Send it again."));
        }
    }

    private static Value parsed(String body) {
        try {
            return Json.parseCaseSensitive(body);
        } catch (IllegalArgumentException wrong) {
            throw invalid("The body is no JSON: " + wrong.getMessage());
        }
    }

    private Taken told(Value message) throws InterruptedException {
        String id = text(message, "key");
        if (id.isEmpty()) {
            throw invalid("`key` is missing: your own name for the incident.");
        }
        String action = text(message, "action");
        return switch (action) {
            case "open" ->
                    desk.open(
                            text(message, "project"),
                            text(message, "environment"),
                            deployment(message.get("deployment")),
                            id,
                            text(message, "title"));
            case "close" -> desk.close(id);
            default ->
                    throw invalid("`action` is '%s'; it may be open or close.".formatted(action));
        };
    }

    private static String text(Value message, String name) {
        String text = message.get(name).text().strip();
        if (text.length() > MAX_TEXT) {
            throw invalid("`%s` may have at most %d characters.".formatted(name, MAX_TEXT));
        }
        return text;
    }

    private static long deployment(Value given) {
        String text = given.text();
        if (!text.matches("\\d{0,15}")) {
            throw invalid("`deployment` is '%s'; it is a number.".formatted(text));
        }
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }

    private static SlipwayException invalid(String text) {
        return new SlipwayException(ErrorCode.INVALID_ARGUMENT, text);
    }

    private static Status status(ErrorCode code) {
        return switch (code.grpcStatus()) {
            case "INVALID_ARGUMENT" -> Status.BAD_REQUEST_400;
            case "NOT_FOUND" -> Status.NOT_FOUND_404;
            case "RESOURCE_EXHAUSTED" -> Status.TOO_MANY_REQUESTS_429;
            case "UNAVAILABLE", "DEADLINE_EXCEEDED" -> Status.SERVICE_UNAVAILABLE_503;
            default -> Status.INTERNAL_SERVER_ERROR_500;
        };
    }

    private static String error(String text) {
        return "{\"error\":%s}".formatted(Json.compact(Value.of(text)));
    }

    private static void answer(ServerResponse response, Status status, String json) {
        response.status(status);
        response.header(HeaderNames.CONTENT_TYPE, "application/json");
        response.send(json + "\n");
    }
}
