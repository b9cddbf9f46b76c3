package dev.slipway.agent.output;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Set;

/// The ways in which a secret shows up in output: itself, its lines, and what programs commonly
/// turn it into. A superset of the list in GitHub's runner.
final class SecretForms {
    /// Shorter forms of a longer secret are not secret enough to hide every place they occur at.
    private static final int SHORTEST_PART = 6;

    private SecretForms() {}

    /// All forms, none empty.
    static Set<String> of(String secret) {
        var forms = new LinkedHashSet<String>();
        if (secret.isBlank()) {
            return forms;
        }
        addEncoded(secret, forms);
        String trimmed = secret.strip();
        if (!trimmed.isEmpty() && !trimmed.equals(secret)) {
            addEncoded(trimmed, forms);
        }
        if (secret.indexOf('\n') >= 0 || secret.indexOf('\r') >= 0) {
            secret.lines()
                    .flatMap(line -> Arrays.stream(line.split("\r")))
                    .map(String::strip)
                    .filter(SecretForms::isWorthMasking)
                    .forEach(line -> addEncoded(line, forms));
        }
        return forms;
    }

    /// A line of a secret that is only a bracket or two (JSON, a key's frame) would mask half the
    /// log.
    private static boolean isWorthMasking(String line) {
        return line.length() > 2 || line.chars().anyMatch(Character::isLetterOrDigit);
    }

    private static void addEncoded(String secret, Set<String> forms) {
        forms.add(secret);
        addBase64(secret.getBytes(StandardCharsets.UTF_8), forms);
        String uri = uri(secret);
        forms.add(uri);
        forms.add(uri.replace("%20", "+"));
        forms.add(json(secret, false));
        forms.add(json(secret, true));
        forms.add(json(secret, false).replace("/", "\\/"));
        forms.add(xml(secret, "&apos;"));
        forms.add(xml(secret, "&#39;"));
        forms.add(secret.replace("\\", "\\\\").replace("\"", "\\\""));
        forms.add(secret.replace("'", "''"));
        forms.add(secret.replace("'", "'\\''"));
        if (secret.length() > 2 && secret.startsWith("\"") && secret.endsWith("\"")) {
            forms.add(secret.substring(1, secret.length() - 1));
        }
        addAmpersandParts(secret, forms);
    }

    /// Base64 of the secret alone, and of the secret behind one or two other bytes: the characters
    /// that then depend on the secret only.
    private static void addBase64(byte[] secret, Set<String> forms) {
        addBothAlphabets(secret, forms);
        for (int skipped = 0; skipped < 3; skipped++) {
            int whole = (secret.length - skipped) / 3 * 3;
            if (whole >= SHORTEST_PART) {
                byte[] part = Arrays.copyOfRange(secret, skipped, skipped + whole);
                addBothAlphabets(part, forms);
                byte[] rest = Arrays.copyOfRange(secret, skipped, secret.length);
                addBothAlphabets(rest, forms);
            }
        }
    }

    private static void addBothAlphabets(byte[] bytes, Set<String> forms) {
        forms.add(Base64.getEncoder().encodeToString(bytes));
        forms.add(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /// PowerShell prints a command with `&` in its arguments in parts.
    private static void addAmpersandParts(String secret, Set<String> forms) {
        int at = secret.contains("&+") ? secret.indexOf("&+") + 1 : secret.lastIndexOf('&');
        if (at < 0) {
            return;
        }
        String before = secret.substring(0, at + 1);
        String after = secret.substring(at + 1);
        if (before.length() >= SHORTEST_PART) {
            forms.add(before);
        }
        if (after.length() >= SHORTEST_PART) {
            forms.add(after);
        }
    }

    private static String uri(String secret) {
        var out = new StringBuilder();
        for (byte b : secret.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            boolean plain =
                    (c >= 'A' && c <= 'Z')
                            || (c >= 'a' && c <= 'z')
                            || (c >= '0' && c <= '9')
                            || "-_.~".indexOf(c) >= 0;
            if (plain) {
                out.append(c);
            } else {
                out.append("%%%02X".formatted((int) c));
            }
        }
        return out.toString();
    }

    private static String json(String secret, boolean ascii) {
        var out = new StringBuilder();
        for (int i = 0; i < secret.length(); i++) {
            char c = secret.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < ' ' || (ascii && c > '~')) {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.toString();
    }

    private static String xml(String secret, String apostrophe) {
        return secret.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", apostrophe);
    }
}
