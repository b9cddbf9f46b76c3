package dev.slipway.notice;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/// A mail of plain text and the server that takes it, both checked.
///
/// @param id the `Message-ID`, the same when it is sent again
public record Mail(
        Server server, String from, List<String> to, String subject, String text, String id) {
    public static final int MAX_RECIPIENTS = 50;
    public static final int MAX_TEXT = 256 << 10;

    private static final int MAX_LINE = 500;

    /// How the way to the server is protected. There is no "if the server offers it": then whoever
    /// sits between could say that it does not.
    public enum Security {
        /// Begins in clear text and must go over to TLS; port 587.
        STARTTLS(587),
        /// TLS from the first byte; port 465.
        TLS(465),
        /// Clear text; port 25.
        NONE(25);

        private final int port;

        Security(int port) {
            this.port = port;
        }

        /// The usual port.
        public int port() {
            return port;
        }

        /// @throws IllegalArgumentException when it is none
        public static Security of(String name) {
            return Arrays.stream(values())
                    .filter(known -> known.name().equals(name.toUpperCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(
                            () ->
                                    new IllegalArgumentException(
                                            name.isEmpty()
                                                    ? "The security is missing: starttls, tls or"
                                                            + " none."
                                                    : "'%s' is no security: starttls, tls or none."
                                                            .formatted(name)));
        }
    }

    /// @param user empty: nobody signs in
    /// @param authority certificates in PEM that the server's must come from; empty: those that the
    ///   JDK trusts
    public record Server(
            String host,
            int port,
            Security security,
            String user,
            String password,
            String authority) {
        public Server {
            check(!host.isBlank(), "The mail server's name is missing.");
            check(port > 0 && port < 65536, "The mail server's port cannot be " + port + ".");
            check(
                    user.isEmpty() == password.isEmpty(),
                    "A user name and a password for the mail server go together; one is missing.");
            check(
                    user.isEmpty() || security != Security.NONE,
                    "A password is not sent over a connection in clear text. Use starttls or tls,"
                            + " or leave the user name and the password away.");
        }

        /// Without the password.
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    public Mail {
        to = to.stream().map(String::strip).filter(one -> !one.isEmpty()).toList();
        check(!from.isBlank(), "The mail's sender is missing.");
        check(!to.isEmpty(), "The mail has no recipient.");
        check(
                to.size() <= MAX_RECIPIENTS,
                "The mail has %d recipients; at most %d are possible. Use a mailing list."
                        .formatted(to.size(), MAX_RECIPIENTS));
        from = from.strip();
        subject = cut(subject.replaceAll("[\\r\\n]+", " ").strip(), MAX_LINE);
        text = cut(text, MAX_TEXT);
    }

    /// The `Message-ID` of a message with this key.
    public static String id(String key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(key.getBytes(StandardCharsets.UTF_8));
            return "<" + HexFormat.of().formatHex(digest, 0, 16) + "@slipway>";
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    private static String cut(String text, int length) {
        return text.substring(0, Math.min(length, text.length()));
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
