package dev.slipway.agent.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.slipway.agent.deployment.Inputs;
import dev.slipway.agent.docker.ImageName;
import dev.slipway.agent.docker.Words;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads what an image without a Dockerfile is made of.
///
/// @param context the folder that `files` are relative to
record AssemblyInputs(Inputs inputs, Path workspace, Path context) {
    /// Beside `base`.
    static final List<String> NAMES =
            List.of("files", "entrypoint", "cmd", "env", "workdir", "user", "ports", "output");

    private static final Pattern PORT = Pattern.compile("([0-9]{1,5})(/(tcp|udp))?");
    private static final int MOST_PORTS = 65_535;

    /// @param created empty means 1970: a time that says "not known"
    Assembly assembly(Map<String, String> labels, Optional<Instant> created) {
        return new Assembly(
                base(),
                platform(),
                files(),
                new Assembly.Config(
                        command("entrypoint"),
                        command("cmd"),
                        variables(),
                        labels,
                        ports(),
                        path("workdir"),
                        inputs.text("user")),
                created.orElse(Instant.EPOCH),
                output());
    }

    private String base() {
        String base = inputs.text("base");
        String repository = ImageName.parse(base).repository();
        if (repository.isEmpty() || base.chars().anyMatch(Character::isWhitespace)) {
            throw inputs.wrong("base", "the name of an image, or " + Assembly.SCRATCH);
        }
        return base;
    }

    /// By default the agent's own.
    private String platform() {
        String platform = inputs.text("platform");
        if (platform.isEmpty()) {
            String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
            return "linux/" + (arch.equals("aarch64") ? "arm64" : "amd64");
        }
        return platform;
    }

    private List<Assembly.Files> files() {
        var files = new ArrayList<Assembly.Files>();
        for (String line : inputs.lines("files")) {
            int colon = line.lastIndexOf(':');
            String target = colon < 0 ? "" : line.substring(colon + 1);
            if (colon < 1 || !isAbsolute(target)) {
                throw new IllegalArgumentException(
                        ("Invalid input files: the line '%s' is not SOURCE:TARGET, such as"
                                        + " dist:/app, with a target that begins with / and has no"
                                        + " '..'.")
                                .formatted(line));
            }
            Path source = context.resolve(line.substring(0, colon)).normalize();
            if (!source.startsWith(context) || !Files.exists(source)) {
                throw new IllegalArgumentException(
                        "Invalid input files: there is no '%s' in the context '%s'."
                                .formatted(
                                        line.substring(0, colon), workspace.relativize(context)));
            }
            boolean into = target.endsWith("/") && !Files.isDirectory(source);
            files.add(
                    new Assembly.Files(
                            source, context, into ? target + source.getFileName() : target));
        }
        return files;
    }

    private static boolean isAbsolute(String path) {
        return path.startsWith("/") && !List.of(path.split("/")).contains("..");
    }

    /// A JSON list as in a Dockerfile, or words as for a shell. Nothing is expanded.
    private List<String> command(String name) {
        String text = inputs.text(name);
        try {
            return text.startsWith("[")
                    ? new ObjectMapper().readValue(text, new TypeReference<List<String>>() {})
                    : Words.of(text);
        } catch (JsonProcessingException | IllegalArgumentException malformed) {
            throw inputs.wrong(name, "words, or a JSON list of strings: [\"node\", \"main.js\"]");
        }
    }

    private Map<String, String> variables() {
        var variables = new LinkedHashMap<String, String>();
        inputs.variables("env").forEach(it -> variables.put(it.getKey(), it.getValue()));
        return variables;
    }

    private List<String> ports() {
        var ports = inputs.text("ports").replace(',', '\n').lines().map(String::strip);
        List<String> all = ports.filter(port -> !port.isEmpty()).toList();
        for (String port : all) {
            var matcher = PORT.matcher(port);
            int number = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
            if (number < 1 || number > MOST_PORTS) {
                throw inputs.wrong("ports", "numbers from 1 to 65535, such as 8080 or 53/udp");
            }
        }
        return all;
    }

    private String path(String name) {
        String path = inputs.text(name);
        if (!path.isEmpty() && !isAbsolute(path)) {
            throw inputs.wrong(name, "a folder of the image that begins with /");
        }
        return path;
    }

    private Optional<Path> output() {
        String text = inputs.text("output");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Path output = workspace.resolve(text).normalize();
        if (!output.startsWith(workspace) || !text.endsWith(".tar")) {
            throw inputs.wrong("output", "a file of the workspace that ends with .tar");
        }
        return Optional.of(output);
    }
}
