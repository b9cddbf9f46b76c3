package dev.slipway.notice;

import dev.slipway.time.Clock;

import jakarta.mail.Address;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;

import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Date;
import java.util.Optional;
import java.util.Properties;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/// Hands a mail to its server, once. Nothing of this package but this class knows the mail library,
/// so that it is loaded with the first mail only.
public final class Smtp {
    private static final String CONNECT_TIMEOUT_MS = "20000";
    private static final String TIMEOUT_MS = "30000";

    private final Clock clock;

    /// @param clock dates the mails
    public Smtp(Clock clock) {
        this.clock = clock;
    }

    /// Blocks until the server has taken the mail for all its recipients.
    ///
    /// @throws MailRefused when it cannot: an address is wrong, the server refuses it for good
    ///   (SMTP 5xx), or does not know who signs in
    /// @throws IOException when it may another time: no connection, SMTP 4xx. A recipient that the
    ///   server had taken gets the same mail again then
    public void send(Mail mail) throws IOException {
        Mail.Server server = mail.server();
        try {
            Session session = Session.getInstance(properties(server));
            Message message = message(session, mail);
            try (Transport transport = session.getTransport("smtp")) {
                if (server.user().isEmpty()) {
                    transport.connect();
                } else {
                    transport.connect(
                            server.host(), server.port(), server.user(), server.password());
                }
                transport.sendMessage(message, message.getAllRecipients());
            }
        } catch (AuthenticationFailedException wrong) {
            throw problem(
                    "The mail server %s does not let '%s' in".formatted(server, server.user()),
                    code(wrong).orElse(535),
                    wrong);
        } catch (MessagingException wrong) {
            throw problem(
                    "The mail server %s did not take the mail".formatted(server),
                    code(wrong).orElse(0),
                    wrong);
        }
    }

    /// @param code the server's answer; 0: it gave none
    private static IOException problem(String what, int code, MessagingException wrong) {
        String text = what + ": " + says(wrong);
        return code >= 500 ? new MailRefused(text) : new IOException(text);
    }

    private MimeMessage message(Session session, Mail mail) throws MessagingException, MailRefused {
        var message =
                new MimeMessage(session) {
                    @Override
                    protected void updateMessageID() throws MessagingException {
                        setHeader("Message-ID", mail.id());
                    }
                };
        message.setFrom(address(mail.from(), "sender"));
        for (String to : mail.to()) {
            message.addRecipient(Message.RecipientType.TO, address(to, "recipient"));
        }
        message.setSubject(mail.subject(), "UTF-8");
        message.setText(mail.text(), "UTF-8");
        message.setSentDate(Date.from(clock.now()));
        // Says that no person wrote it, so that nobody's holiday answers (RFC 3834).
        message.setHeader("Auto-Submitted", "auto-generated");
        message.saveChanges();
        return message;
    }

    private static Address address(String text, String whose) throws MailRefused {
        try {
            return new InternetAddress(text, true);
        } catch (AddressException wrong) {
            throw new MailRefused(
                    "The mail's %s '%s' is no address: %s. Write name@example.org."
                            .formatted(whose, text, wrong.getMessage()));
        }
    }

    private static Properties properties(Mail.Server server) throws IOException {
        var properties = new Properties();
        properties.put("mail.smtp.host", server.host());
        properties.put("mail.smtp.port", String.valueOf(server.port()));
        properties.put("mail.smtp.auth", String.valueOf(!server.user().isEmpty()));
        properties.put("mail.smtp.connectiontimeout", CONNECT_TIMEOUT_MS);
        properties.put("mail.smtp.timeout", TIMEOUT_MS);
        properties.put("mail.smtp.writetimeout", TIMEOUT_MS);
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        switch (server.security()) {
            case STARTTLS -> {
                properties.put("mail.smtp.starttls.enable", "true");
                properties.put("mail.smtp.starttls.required", "true");
            }
            case TLS -> properties.put("mail.smtp.ssl.enable", "true");
            case NONE -> properties.put("mail.smtp.starttls.enable", "false");
        }
        if (!server.authority().isBlank()) {
            properties.put("mail.smtp.ssl.socketFactory", trusting(server.authority()));
        }
        return properties;
    }

    private static SSLSocketFactory trusting(String pem) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate : certificates(pem)) {
                store.setCertificateEntry("authority-" + number++, certificate);
            }
            var managers =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException wrong) {
            throw new MailRefused(
                    "The certificate of the mail server's authority cannot be used: "
                            + wrong.getMessage());
        }
    }

    private static Iterable<? extends Certificate> certificates(String pem)
            throws CertificateException, MailRefused {
        var found =
                CertificateFactory.getInstance("X.509")
                        .generateCertificates(
                                new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
        if (found.isEmpty()) {
            throw new MailRefused("The mail server's authority is no certificate in PEM.");
        }
        return found;
    }

    /// The worst answer of the server: one recipient that is refused for good is never taken.
    private static Optional<Integer> code(Exception problem) {
        int worst = 0;
        for (Exception next = problem; next != null; next = next(next)) {
            int code =
                    switch (next) {
                        case SMTPSendFailedException failed -> failed.getReturnCode();
                        case SMTPAddressFailedException failed -> failed.getReturnCode();
                        case SMTPSenderFailedException failed -> failed.getReturnCode();
                        default -> 0;
                    };
            worst = Math.max(worst, code);
        }
        return worst == 0 ? Optional.empty() : Optional.of(worst);
    }

    private static String says(MessagingException problem) {
        var all = new StringBuilder();
        for (Exception next = problem; next != null; next = next(next)) {
            String text = String.valueOf(next.getMessage()).strip().replaceAll("\\s+", " ");
            if (all.indexOf(text) < 0) {
                all.append(all.isEmpty() ? "" : "; ").append(text);
            }
        }
        return all.substring(0, Math.min(500, all.length()));
    }

    private static @Nullable Exception next(Exception problem) {
        return problem instanceof MessagingException mail ? mail.getNextException() : null;
    }
}
