package dev.slipway.agent.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What is written down before a process is started, so that a restarted agent can find it, enforce
/// it and end it. Neither the command nor its environment: those may hold secrets.
///
/// @param bootId the boot in which the start was meant to happen
/// @param controlGroup the control group of the command, where the machine allows one
/// @param container where the command runs when it is not the machine itself
public record Intent(
        String bootId,
        Instant startedAt,
        String jobTrackingId,
        String stepTrackingId,
        Path leaseFile,
        Optional<Path> controlGroup,
        Duration drain,
        Optional<InContainer> container) {

    /// A command in a container of the machine's Docker engine.
    ///
    /// @param id the container's id, or its name when the container is there for the command alone
    /// @param exec how the engine calls the supervisor inside; empty when the container itself is
    ///   what is supervised
    public record InContainer(String id, String exec) {}

    private static final String FIRST = "slipway-intent 1";
    private static final String LAST = "end";

    /// Lines of `key value`; a last line shows that nothing is missing.
    String render() {
        var text = new StringBuilder(FIRST).append('\n');
        line(text, "boot", bootId);
        line(text, "started", startedAt.toString());
        line(text, "job", jobTrackingId);
        line(text, "step", stepTrackingId);
        line(text, "lease", leaseFile.toString());
        controlGroup.ifPresent(group -> line(text, "cgroup", group.toString()));
        line(text, "drain", drain.toString());
        container.ifPresent(
                inside -> {
                    line(text, "container", inside.id());
                    line(text, "exec", inside.exec());
                });
        return text.append(LAST).append('\n').toString();
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append(key)
                .append(' ')
                .append(value.replace("\\", "\\\\").replace("\n", "\\n"))
                .append('\n');
    }

    /// Whether the text was written to its end.
    static boolean isWhole(String text) {
        return text.endsWith("\n" + LAST + "\n");
    }

    static Intent parse(String text) throws IOException {
        if (!text.startsWith(FIRST + "\n") || !isWhole(text)) {
            throw new IOException(
                    "The intent to start a process is torn or of another version; it begins with"
                            + " '%s' instead of '%s'."
                                    .formatted(text.lines().findFirst().orElse(""), FIRST));
        }
        Map<String, String> values = new HashMap<>();
        text.lines()
                .filter(line -> line.indexOf(' ') > 0)
                .forEach(
                        line -> {
                            int space = line.indexOf(' ');
                            values.put(
                                    line.substring(0, space), unescape(line.substring(space + 1)));
                        });
        return new Intent(
                require(values, "boot"),
                Instant.parse(require(values, "started")),
                require(values, "job"),
                require(values, "step"),
                Path.of(require(values, "lease")),
                Optional.ofNullable(values.get("cgroup")).map(Path::of),
                Duration.parse(require(values, "drain")),
                Optional.ofNullable(values.get("container"))
                        .map(id -> new InContainer(id, values.getOrDefault("exec", ""))));
    }

    private static String require(Map<String, String> values, String key) throws IOException {
        String value = values.get(key);
        if (value == null) {
            throw new IOException(
                    "The intent to start a process lacks the line '%s'.".formatted(key));
        }
        return value;
    }

    private static String unescape(String value) {
        var text = new StringBuilder(value.length());
        for (int at = 0; at < value.length(); at++) {
            char next = value.charAt(at);
            if (next == '\\' && at + 1 < value.length()) {
                next = value.charAt(++at) == 'n' ? '\n' : '\\';
            }
            text.append(next);
        }
        return text.toString();
    }
}
