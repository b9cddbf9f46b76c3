package dev.slipway.agent.output;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Reads the files in which a step leaves variables, outputs, state, paths and its summary:
/// `GITHUB_ENV` and its like, after the step has ended. What stands before a mistake counts.
public final class EnvironmentFiles {
    /// A summary's limit.
    public static final int MAX_SUMMARY = 1024 * 1024;

    /// Nobody writes this much on purpose; a step must not exhaust the agent's memory.
    private static final long MAX_BYTES = 64L * 1024 * 1024;

    private EnvironmentFiles() {}

    /// Where the files are; a missing one is empty.
    public record Locations(Path env, Path output, Path state, Path path, Path summary) {}

    /// What a file says that cannot be done.
    ///
    /// @param failsStep false when it is only to be shown as an error
    public record Problem(String message, boolean failsStep) {}

    /// What the files hold.
    ///
    /// @param env in the order of writing, later ones win
    /// @param outputs as `env`; of names that differ only in case the first keeps its name and the
    ///   last its value
    /// @param paths each once, at the place of its last line; the last one comes first in `PATH`
    /// @param summary masked; empty when there is none
    public record Contents(
            Map<String, String> env,
            Map<String, String> outputs,
            Map<String, String> state,
            List<String> paths,
            String summary,
            List<Problem> problems) {
        public Contents {
            env = copy(env);
            outputs = copy(outputs);
            state = copy(state);
            paths = List.copyOf(paths);
            problems = List.copyOf(problems);
        }

        private static Map<String, String> copy(Map<String, String> map) {
            return Collections.unmodifiableMap(new LinkedHashMap<>(map));
        }

        /// Whether a mistake fails the step.
        public boolean failStep() {
            return problems.stream().anyMatch(Problem::failsStep);
        }
    }

    /// Reads all files.
    ///
    /// @throws IOException when one is there and cannot be read
    public static Contents read(Locations files, Masks masks) throws IOException {
        var problems = new ArrayList<Problem>();
        var env = new LinkedHashMap<String, String>();
        var outputs = new LinkedHashMap<String, String>();
        var state = new LinkedHashMap<String, String>();
        readPairs(files.env(), "env", env, problems);
        readPairs(files.output(), "output", outputs, problems);
        readPairs(files.state(), "state", state, problems);
        List<String> paths = readPaths(files.path(), problems);
        String summary = readSummary(files.summary(), masks, problems);
        refuse(env, problems);
        return new Contents(env, ignoringCase(outputs), state, paths, summary, problems);
    }

    private static void refuse(Map<String, String> env, List<Problem> problems) {
        if (env.keySet().removeIf(name -> name.equalsIgnoreCase("NODE_OPTIONS"))) {
            problems.add(
                    new Problem(
                            "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV'"
                                    + " command.",
                            false));
        }
    }

    private static Map<String, String> ignoringCase(Map<String, String> outputs) {
        var names = new LinkedHashMap<String, String>();
        var merged = new LinkedHashMap<String, String>();
        outputs.forEach(
                (name, value) -> {
                    String first = names.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
                    merged.put(first == null ? name : first, value);
                });
        return merged;
    }

    private static void readPairs(
            Path file, String command, Map<String, String> pairs, List<Problem> problems)
            throws IOException {
        Optional<String> text = text(file, command, problems);
        if (text.isEmpty()) {
            return;
        }
        try {
            parsePairs(text.get(), pairs);
        } catch (IllegalArgumentException e) {
            problems.add(unable(command, String.valueOf(e.getMessage())));
        }
    }

    private static Problem unable(String command, String why) {
        return new Problem(
                "Unable to process file command '%s' successfully. %s".formatted(command, why),
                true);
    }

    private static Optional<String> text(Path file, String command, List<Problem> problems)
            throws IOException {
        try {
            if (Files.size(file) > MAX_BYTES) {
                problems.add(unable(command, "The file is larger than 64 MiB."));
                return Optional.empty();
            }
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /// Reads `NAME=VALUE` and `NAME<<DELIMITER` lines into a map, as far as they are right.
    ///
    /// @throws IllegalArgumentException at the first mistake, with GitHub's message
    static void parsePairs(String text, Map<String, String> pairs) {
        var lines = new Lines(text);
        for (String line = lines.next(); lines.more; line = lines.next()) {
            int equals = line.indexOf('=');
            int heredoc = line.indexOf("<<");
            if (line.isEmpty()) {
                continue;
            }
            if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
                String name = line.substring(0, equals);
                if (name.isEmpty()) {
                    throw new IllegalArgumentException(
                            "Invalid format '%s'. Name must not be empty".formatted(line));
                }
                pairs.put(name, line.substring(equals + 1));
            } else if (heredoc >= 0) {
                String name = line.substring(0, heredoc);
                String delimiter = line.substring(heredoc + 2);
                if (name.isEmpty() || delimiter.isEmpty()) {
                    throw new IllegalArgumentException(
                            ("Invalid format '%s'. Name must not be empty and delimiter must"
                                            + " not be empty")
                                    .formatted(line));
                }
                pairs.put(name, lines.until(delimiter));
            } else {
                throw new IllegalArgumentException("Invalid format '%s'".formatted(line));
            }
        }
    }

    /// A text, line by line; only LF ends a line.
    private static final class Lines {
        private final String text;
        private int at;

        /// Whether the last call of {@link #next} gave a line.
        private boolean more;

        /// Whether that line had an end.
        private boolean ended;

        Lines(String text) {
            this.text = text;
        }

        String next() {
            more = at < text.length();
            int end = text.indexOf('\n', at);
            ended = end >= 0;
            String line = text.substring(Math.min(at, text.length()), ended ? end : text.length());
            at = ended ? end + 1 : text.length();
            return line;
        }

        /// The lines up to one that is the delimiter, as they were written.
        String until(String delimiter) {
            int start = at;
            int end = at;
            for (String line = next(); !(more && line.equals(delimiter)); line = next()) {
                if (!more) {
                    throw new IllegalArgumentException(
                            "Invalid value. Matching delimiter not found '%s'"
                                    .formatted(delimiter));
                }
                if (!ended) {
                    throw new IllegalArgumentException(
                            "Invalid value. EOF marker missing new line.");
                }
                end = at - 1;
            }
            return end > start ? text.substring(start, end) : "";
        }
    }

    private static List<String> readPaths(Path file, List<Problem> problems) throws IOException {
        var paths = new ArrayList<String>();
        for (String line : text(file, "path", problems).orElse("").split("\r\n|\n|\r")) {
            if (!line.isEmpty()) {
                paths.remove(line);
                paths.add(line);
            }
        }
        return paths;
    }

    private static String readSummary(Path file, Masks masks, List<Problem> problems)
            throws IOException {
        try {
            long size = Files.size(file);
            if (size > MAX_SUMMARY) {
                problems.add(
                        new Problem(
                                ("$GITHUB_STEP_SUMMARY upload aborted, supports content up to a"
                                                + " size of %dk, got %dk.")
                                        .formatted(MAX_SUMMARY / 1024, size / 1024),
                                false));
                return "";
            }
            return masks.apply(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return "";
        }
    }
}
