package dev.slipway.coordinator.model;

import java.util.Locale;

/// Where notifications can go. The numbers are stored and never change.
public enum Channel {
    /// An incoming webhook of Slack.
    SLACK(1),
    /// A webhook of a Teams workflow.
    TEAMS(2),
    /// PagerDuty's events, version 2.
    PAGERDUTY(3),
    /// Mail over SMTP.
    EMAIL(4),
    /// A signed webhook.
    WEBHOOK(5);

    private final int number;

    Channel(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /// As people write it.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @throws IllegalArgumentException for a number that no channel has
    public static Channel of(int number) {
        for (Channel channel : values()) {
            if (channel.number == number) {
                return channel;
            }
        }
        throw new IllegalArgumentException("no channel has the number " + number);
    }

    /// @throws IllegalArgumentException for a label that no channel has
    public static Channel of(String label) {
        for (Channel channel : values()) {
            if (channel.label().equals(label)) {
                return channel;
            }
        }
        throw new IllegalArgumentException(
                "'%s' is no destination; slack, teams, pagerduty, email and webhook are"
                        .formatted(label));
    }
}
