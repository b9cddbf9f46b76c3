package dev.slipway.coordinator.notify;

import dev.slipway.coordinator.model.Channel;
import dev.slipway.notice.Bodies;
import dev.slipway.notice.Mail;
import dev.slipway.notice.Notice;
import dev.slipway.notice.WebPost;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Where a rule's messages go, in clear. Lives only as long as one try.
///
/// @param settings see the constants for mail and PagerDuty
/// @param secrets `URL`, `ROUTING_KEY`, `SECRET`, `PASSWORD`
record Destination(Channel channel, Map<String, String> settings, Map<String, String> secrets) {
    static final String URL = "URL";
    static final String ROUTING_KEY = "ROUTING_KEY";
    static final String SECRET = "SECRET";
    static final String PASSWORD = "PASSWORD";

    private static final int MAX_SETTINGS = 64 << 10;

    private static final List<String> OF_MAIL =
            List.of(
                    "server",
                    "port",
                    "security",
                    "username",
                    "from",
                    "recipients",
                    "ca-certificate");

    /// @throws IllegalArgumentException when something is missing, wrong, or means nothing here;
    ///   the text holds no secret
    void check() {
        int length = 0;
        for (String value : settings.values()) {
            length += value.length();
        }
        for (String value : secrets.values()) {
            length += value.length();
        }
        require(length <= MAX_SETTINGS, "The destination's settings are longer than 64 KiB.");
        switch (channel) {
            case SLACK, TEAMS -> {
                only(List.of(), List.of(URL));
                url();
            }
            case WEBHOOK -> {
                only(List.of(), List.of(URL, SECRET));
                url();
            }
            case PAGERDUTY -> {
                only(List.of("severity"), List.of(URL, ROUTING_KEY));
                url();
                require(!secret(ROUTING_KEY).isEmpty(), missing(ROUTING_KEY));
                require(
                        Bodies.SEVERITIES.contains(severity()),
                        "The severity is '%s'; it may be %s."
                                .formatted(severity(), String.join(", ", Bodies.SEVERITIES)));
            }
            case EMAIL -> {
                only(OF_MAIL, List.of(PASSWORD));
                mail(new Notice("", "", "", "", "", Map.of()));
            }
        }
    }

    private void only(List<String> names, List<String> secretNames) {
        for (String name : settings.keySet()) {
            require(
                    names.contains(name),
                    "%s has no setting '%s'%s."
                            .formatted(
                                    channel.label(),
                                    name,
                                    names.isEmpty() ? "" : "; it has " + String.join(", ", names)));
        }
        for (String name : secrets.keySet()) {
            require(
                    secretNames.contains(name),
                    "%s has no secret '%s'; it has %s."
                            .formatted(channel.label(), name, String.join(", ", secretNames)));
        }
    }

    URI url() {
        String url = secret(URL);
        if (url.isEmpty() && channel == Channel.PAGERDUTY) {
            return URI.create(Bodies.PAGERDUTY);
        }
        require(!url.isEmpty(), missing(URL));
        return WebPost.destination(url);
    }

    String severity() {
        return settings.getOrDefault("severity", "error");
    }

    Mail mail(Notice notice) {
        Mail.Security security = Mail.Security.of(setting("security"));
        String port = setting("port");
        require(
                port.isEmpty() || port.matches("\\d{1,5}"),
                "The port '" + port + "' is no number.");
        var server =
                new Mail.Server(
                        setting("server"),
                        port.isEmpty() ? security.port() : Integer.parseInt(port),
                        security,
                        setting("username"),
                        secret(PASSWORD),
                        setting("ca-certificate"));
        return new Mail(
                server,
                setting("from"),
                Arrays.asList(setting("recipients").split("[,\n]")),
                notice.title(),
                notice.text(),
                Mail.id(notice.key()));
    }

    /// A text of somebody else without our secrets.
    String masked(String text) {
        String masked = text;
        for (String secret : secrets.values()) {
            masked = secret.isBlank() ? masked : masked.replace(secret, "***");
        }
        return masked;
    }

    String secret(String name) {
        return secrets.getOrDefault(name, "");
    }

    private String setting(String name) {
        return settings.getOrDefault(name, "");
    }

    private String missing(String name) {
        return "%s needs the secret %s: write %s=… into a file and give it with --secrets-file."
                .formatted(channel.label(), name, name);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
