package dev.slipway.agent.image;

import dev.slipway.agent.deployment.Inputs;
import dev.slipway.agent.docker.BuildSpec;
import dev.slipway.agent.docker.Credentials;
import dev.slipway.agent.docker.ImageName;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads what is to be built from the inputs of `slipway/image`.
///
/// @param inputs of the step
public record ImageInputs(Inputs inputs) {
    public static final List<String> NAMES =
            List.of(
                    "context",
                    "file",
                    "tags",
                    "build-args",
                    "target",
                    "labels",
                    "platform",
                    "cache-from",
                    "no-cache",
                    "pull",
                    "push",
                    "registry",
                    "username",
                    "password",
                    "image",
                    "base",
                    "files",
                    "entrypoint",
                    "cmd",
                    "env",
                    "workdir",
                    "user",
                    "ports",
                    "output");

    /// What only a Dockerfile is built with.
    private static final List<String> OF_DOCKERFILE =
            List.of("file", "build-args", "target", "cache-from", "no-cache", "pull");

    /// Inputs of `docker/build-push-action` that need BuildKit.
    public static final List<String> NEED_BUILDKIT = List.of("secrets", "cache-to", "provenance");

    // As the distribution project's reference grammar has them.
    private static final Pattern REPOSITORY =
            Pattern.compile("[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
    private static final Pattern REGISTRY = Pattern.compile("[A-Za-z0-9.-]+(?::[0-9]{1,5})?");

    private static final Pattern PLATFORM = Pattern.compile("[a-z0-9]+/[a-z0-9_]+");

    /// What the image's standard labels say. All of it is the same whenever a commit is built.
    ///
    /// @param source the project's address; empty when it has none
    /// @param revision the commit
    /// @param created when the commit was made; empty when that is not known
    public record Origin(Optional<String> source, String revision, Optional<Instant> created) {
        private Map<String, String> labels() {
            var labels = new LinkedHashMap<String, String>();
            source.ifPresent(it -> labels.put("org.opencontainers.image.source", it));
            labels.put("org.opencontainers.image.revision", revision);
            created.map(it -> it.truncatedTo(ChronoUnit.SECONDS).toString())
                    .ifPresent(it -> labels.put("org.opencontainers.image.created", it));
            return labels;
        }
    }

    /// @throws IllegalArgumentException naming the input that is wrong
    public ImageRequest request(Path workspace, Origin origin) {
        for (String name : NEED_BUILDKIT) {
            boolean declined = name.equals("provenance") && inputs.text(name).equals("false");
            if (!inputs.text(name).isEmpty() && !declined) {
                throw new IllegalArgumentException(
                        ("The input %s needs BuildKit, which this action does not use. Leave it"
                                        + " out, or build with 'docker buildx build' in a 'run'"
                                        + " step.")
                                .formatted(name));
            }
        }
        String registry = registry();
        List<String> tags = tags(registry);
        Optional<Credentials> login = login(registry);
        ImageRequest.Making making;
        if (!inputs.text("image").isEmpty()) {
            making = existing();
        } else if (!inputs.text("base").isEmpty()) {
            making = new ImageRequest.Assemble(assembly(workspace, origin));
        } else {
            making = new ImageRequest.Build(build(workspace, origin, tags, login));
        }
        return new ImageRequest(making, tags, flag("push"), login);
    }

    private ImageRequest.Existing existing() {
        String image = inputs.text("image");
        if (image.chars().anyMatch(Character::isWhitespace)) {
            throw inputs.wrong("image", "the name or id of one image that the engine has");
        }
        refuse(OF_DOCKERFILE, "image", "for nothing is built then");
        refuse(AssemblyInputs.NAMES, "image", "for nothing is built then");
        refuse(
                List.of("base", "context", "labels", "platform"),
                "image",
                "for nothing is built then");
        return new ImageRequest.Existing(image);
    }

    private Assembly assembly(Path workspace, Origin origin) {
        refuse(OF_DOCKERFILE, "base", "for there is no Dockerfile then");
        if (!flag("push") && inputs.text("output").isEmpty()) {
            throw new IllegalArgumentException(
                    "An image with the input base is not kept on an engine: give push: true, or"
                            + " output: image.tar, or both.");
        }
        platform();
        return new AssemblyInputs(inputs, workspace, folder(workspace))
                .assembly(labels(origin), origin.created());
    }

    private BuildSpec build(
            Path workspace, Origin origin, List<String> tags, Optional<Credentials> login) {
        for (String name : AssemblyInputs.NAMES) {
            if (!inputs.text(name).isEmpty()) {
                throw new IllegalArgumentException(
                        ("The input %s belongs to images without a Dockerfile, which have the"
                                        + " input base.")
                                .formatted(name));
            }
        }
        Path context = folder(workspace);
        return new BuildSpec(
                context,
                dockerfile(workspace, context),
                new LinkedHashSet<>(tags),
                pairs("build-args"),
                labels(origin),
                inputs.text("target"),
                platform(),
                caches(),
                flag("no-cache"),
                flag("pull"),
                login);
    }

    private void refuse(List<String> names, String with, String why) {
        for (String name : names) {
            if (!inputs.text(name).isEmpty()) {
                throw new IllegalArgumentException(
                        "The inputs %s and %s exclude each other, %s.".formatted(with, name, why));
            }
        }
    }

    private String platform() {
        String platform = inputs.text("platform");
        if (!platform.isEmpty() && !PLATFORM.matcher(platform).matches()) {
            throw inputs.wrong("platform", "one os/architecture, such as linux/arm64");
        }
        return platform;
    }

    /// The engine's builder would ignore any other kind of cache without a word.
    private Set<String> caches() {
        List<String> caches = inputs.lines("cache-from");
        if (caches.stream().anyMatch(cache -> cache.contains("=") || cache.contains(","))) {
            throw inputs.wrong("cache-from", "lines with names of images; others need BuildKit");
        }
        return Set.copyOf(caches);
    }

    private Path folder(Path workspace) {
        String text = inputs.text("context");
        Path folder = workspace.resolve(text.isEmpty() ? "." : text).normalize();
        if (!folder.startsWith(workspace) || !Files.isDirectory(folder)) {
            throw inputs.wrong("context", "a folder of the workspace");
        }
        return folder;
    }

    /// As `docker build -f`, from the workspace; by default in the context.
    private Path dockerfile(Path workspace, Path context) {
        String text = inputs.text("file");
        Path file =
                text.isEmpty()
                        ? context.resolve("Dockerfile")
                        : workspace.resolve(text).normalize();
        if (!Files.isRegularFile(file)) {
            throw text.isEmpty()
                    ? new IllegalArgumentException(
                            ("There is no Dockerfile in the context '%s'. Name it with the input"
                                            + " 'file', from the workspace.")
                                    .formatted(workspace.relativize(context)))
                    : inputs.wrong("file", "a Dockerfile of the workspace");
        }
        if (!file.startsWith(context)) {
            throw inputs.wrong("file", "inside of the context, for the engine gets no other files");
        }
        return file;
    }

    private String registry() {
        String registry = inputs.text("registry");
        if (!registry.isEmpty() && !REGISTRY.matcher(registry).matches()) {
            throw inputs.wrong("registry", "a host, with a port if need be: ghcr.io");
        }
        return registry;
    }

    /// Tags that name no registry belong to the one that is given.
    private List<String> tags(String registry) {
        var lines = inputs.text("tags").replace(',', '\n').lines().map(String::strip);
        List<String> tags =
                lines.filter(line -> !line.isEmpty())
                        .map(line -> tag(line, registry))
                        .distinct()
                        .toList();
        if (tags.isEmpty()) {
            throw new IllegalArgumentException("Input required and not supplied: tags");
        }
        return tags;
    }

    private String tag(String text, String registry) {
        ImageName name = ImageName.parse(text);
        String path =
                name.registry().isEmpty()
                        ? name.repository()
                        : name.repository().substring(name.registry().length() + 1);
        String tag = name.tag().isEmpty() ? "latest" : name.tag();
        boolean valid =
                name.digest().isEmpty()
                        && TAG.matcher(tag).matches()
                        && List.of(path.split("/", -1)).stream()
                                .allMatch(part -> REPOSITORY.matcher(part).matches());
        if (!valid) {
            throw new IllegalArgumentException(
                    "Invalid input tags: '%s' is no name of an image such as team/app:1.2.0."
                            .formatted(text));
        }
        String host = name.registry().isEmpty() ? registry : name.registry();
        return (host.isEmpty() ? "" : host + "/") + path + ":" + tag;
    }

    private Optional<Credentials> login(String registry) {
        String username = inputs.text("username");
        String password = inputs.text("password");
        if (username.isEmpty() != password.isEmpty()) {
            throw new IllegalArgumentException(
                    "The inputs username and password belong together, but only %s is given."
                            .formatted(username.isEmpty() ? "the password" : "the username"));
        }
        return username.isEmpty()
                ? Optional.empty()
                : Optional.of(new Credentials(registry, username, password));
    }

    private Map<String, String> labels(Origin origin) {
        var labels = new LinkedHashMap<>(origin.labels());
        labels.putAll(pairs("labels"));
        return labels;
    }

    /// Lines `name=value`.
    private Map<String, String> pairs(String input) {
        var pairs = new LinkedHashMap<String, String>();
        for (String line : inputs.lines(input)) {
            int sign = line.indexOf('=');
            if (sign < 1) {
                throw new IllegalArgumentException(
                        "Invalid input %s: the line '%s' is not name=value."
                                .formatted(input, line));
            }
            pairs.put(line.substring(0, sign).strip(), line.substring(sign + 1));
        }
        return pairs;
    }

    private boolean flag(String name) {
        return switch (inputs.text(name)) {
            case "true", "True", "TRUE" -> true;
            case "false", "False", "FALSE", "" -> false;
            default -> throw inputs.wrong(name, "true or false");
        };
    }
}
