package dev.slipway.testkit;

import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// A real SMTP server on loopback with a certificate of its own for 127.0.0.1, which lets in `farm`
/// with the password {@link #PASSWORD}.
public final class MailServer implements AutoCloseable {
    public static final String USER = "farm";
    public static final String PASSWORD = "correct-horse-battery";

    private static final char[] STORE = "in-tests".toCharArray();

    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger busy = new AtomicInteger();
    private final SMTPServer server;
    private final String certificate;

    /// How mails are taken.
    public enum Kind {
        STARTTLS_AND_PASSWORD,
        TLS_AND_PASSWORD,
        CLEAR
    }

    /// @param raw the mail with its headers
    public record Received(String from, List<String> to, String raw) {}

    /// @param folder where its keys are made
    public MailServer(Kind kind, Path folder) throws IOException, InterruptedException {
        try {
            KeyStore keys = keys(folder.resolve("mail.p12"));
            certificate = pem(keys.getCertificate("mail").getEncoded());
            server = server(kind, context(keys));
        } catch (GeneralSecurityException problem) {
            throw new IOException(problem);
        }
        server.start();
    }

    private SMTPServer server(Kind kind, SSLContext context) {
        var builder =
                new SMTPServer.Builder()
                        .bindAddress(InetAddress.getLoopbackAddress())
                        .port(0)
                        .hostName("mail.test")
                        .messageHandlerFactory(_ -> new Taking());
        if (kind == Kind.STARTTLS_AND_PASSWORD) {
            builder.enableTLS().requireTLS().startTlsSocketFactory(context);
        }
        if (kind == Kind.TLS_AND_PASSWORD) {
            builder.serverSocketFactory(context);
        }
        if (kind != Kind.CLEAR) {
            builder.requireAuth()
                    .authenticationHandlerFactory(
                            new EasyAuthenticationHandlerFactory(
                                    (user, password, _) -> letIn(user, password)));
        }
        return builder.build();
    }

    private final class Taking implements MessageHandler {
        private final List<String> to = new ArrayList<>();
        private String from = "";

        @Override
        public void from(String sender) {
            from = sender;
        }

        @Override
        public void recipient(String recipient) throws RejectException {
            if (recipient.startsWith("nobody@")) {
                throw new RejectException(550, "no such mailbox");
            }
            to.add(recipient);
        }

        @Override
        public String data(InputStream data) throws RejectException, IOException {
            String raw = new String(data.readAllBytes(), StandardCharsets.UTF_8);
            if (busy.getAndDecrement() > 0) {
                throw new RejectException(451, "come back later");
            }
            received.add(new Received(from, List.copyOf(to), raw));
            return "taken";
        }

        @Override
        public void done() {
            // Nothing to give back.
        }
    }

    private static void letIn(String user, String password) throws LoginFailedException {
        if (!user.equals(USER) || !password.equals(PASSWORD)) {
            throw new LoginFailedException();
        }
    }

    public int port() {
        return server.getPortAllocated();
    }

    /// Its own, in PEM.
    public String certificate() {
        return certificate;
    }

    /// The next mails are refused for the moment.
    public void busy(int mails) {
        busy.set(mails);
    }

    public List<Received> received() {
        return received;
    }

    @Override
    public void close() {
        server.stop();
    }

    private static KeyStore keys(Path file)
            throws IOException, InterruptedException, GeneralSecurityException {
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "mail",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=mail.test",
                                "-ext",
                                "SAN=ip:127.0.0.1,dns:localhost",
                                "-validity",
                                "30",
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                file.toString(),
                                "-storepass",
                                new String(STORE))
                        .redirectErrorStream(true)
                        .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool: " + said);
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream stored = Files.newInputStream(file)) {
            keys.load(stored, STORE);
        }
        return keys;
    }

    private static SSLContext context(KeyStore keys) throws GeneralSecurityException {
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, STORE);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static String pem(byte[] encoded) {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
                + "\n-----END CERTIFICATE-----\n";
    }
}
