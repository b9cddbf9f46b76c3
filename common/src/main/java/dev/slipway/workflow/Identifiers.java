package dev.slipway.workflow;

import java.util.Optional;

/// The rule for job and step ids.
final class Identifiers {

    static final int MAX_LENGTH = 100;

    private Identifiers() {}

    /// What is wrong with an id, if anything is.
    static Optional<String> problem(String id) {
        if (id.length() >= MAX_LENGTH) {
            return Optional.of("it must be shorter than " + MAX_LENGTH + " characters");
        }
        if (id.startsWith("__")) {
            return Optional.of("ids that start with '__' are reserved");
        }
        if (id.isEmpty() || !isStart(id.charAt(0)) || !id.chars().allMatch(Identifiers::isPart)) {
            return Optional.of("use letters, digits, '-' and '_', starting with a letter or '_'");
        }
        return Optional.empty();
    }

    /// The text with every character that an id cannot have replaced by `_`.
    static String sanitize(String text) {
        StringBuilder id = new StringBuilder(text.length());
        text.chars().forEach(c -> id.append(isPart(c) ? (char) c : '_'));
        return id.toString();
    }

    private static boolean isStart(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    private static boolean isPart(int c) {
        return isStart(c) || (c >= '0' && c <= '9') || c == '-';
    }
}
