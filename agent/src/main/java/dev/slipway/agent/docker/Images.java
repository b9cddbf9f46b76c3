package dev.slipway.agent.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.BuildImageCmd;
import com.github.dockerjava.api.command.PullImageResultCallback;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.AuthConfigurations;
import com.github.dockerjava.api.model.BuildResponseItem;
import com.github.dockerjava.api.model.PullResponseItem;
import com.github.dockerjava.api.model.PushResponseItem;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Images on the engine. Any thread may use it.
public final class Images {

    private final DockerEngine engine;
    private final Map<String, String> environment;

    /// @param environment the agent's, where the Docker configuration is found
    public Images(DockerEngine engine, Map<String, String> environment) {
        this.engine = engine;
        this.environment = Map.copyOf(environment);
    }

    /// The id of an image that the engine has.
    public Optional<String> find(String name) throws DockerException {
        return Containers.call(
                "look at the image '%s'".formatted(name),
                () -> {
                    try {
                        return Optional.ofNullable(
                                engine.client().inspectImageCmd(name).exec().getId());
                    } catch (NotFoundException missing) {
                        return Optional.empty();
                    }
                });
    }

    /// Fetches an image from its registry.
    ///
    /// @param credentials the workflow's; without them the Docker configuration's count
    /// @param say hears of the progress
    /// @throws ImageRefusedException when the registry refuses it: another try would not help
    public void pull(String name, Optional<Credentials> credentials, Consumer<String> say)
            throws DockerException, InterruptedException {
        say.accept("Pulling '%s'".formatted(name));
        ImageName parts = ImageName.parse(name);
        Optional<Credentials> login = login(parts, credentials);
        var pull =
                engine.patient()
                        .pullImageCmd(
                                parts.digest().isEmpty()
                                        ? parts.repository()
                                        : parts.repository() + "@" + parts.digest());
        if (parts.digest().isEmpty()) {
            pull.withTag(parts.tag().isEmpty() ? "latest" : parts.tag());
        }
        login.ifPresent(it -> pull.withAuthConfig(it.toAuthConfig()));
        try (pull;
                var progress = new PullProgress(say)) {
            pull.exec(progress).awaitCompletion();
        } catch (IOException | RuntimeException problem) {
            throw PullFailure.of(name, login, credentials.isPresent(), problem);
        }
    }

    private Optional<Credentials> login(ImageName image, Optional<Credentials> credentials)
            throws DockerException {
        return credentials.isPresent()
                ? credentials
                : DockerConfig.login(image.registry(), environment, engine.timers());
    }

    /// Says once per layer that it is there: a line for each percent would drown the log.
    private static final class PullProgress extends PullImageResultCallback {
        private static final Set<String> TOLD =
                Set.of("Pull complete", "Already exists", "Download complete");

        private final Consumer<String> say;
        private final Set<String> said = new TreeSet<>();

        PullProgress(Consumer<String> say) {
            this.say = say;
        }

        @Override
        public void onNext(PullResponseItem item) {
            super.onNext(item);
            String status = item.getStatus();
            if (status == null) {
                return;
            }
            String line = item.getId() == null ? status : item.getId() + ": " + status;
            if ((item.getId() == null || TOLD.contains(status)) && said.add(line)) {
                say.accept(line);
            }
        }
    }

    /// Builds an image with the engine's own builder.
    ///
    /// @return its id
    public String build(BuildSpec spec, Consumer<String> say)
            throws DockerException, InterruptedException {
        var progress = new BuildProgress(say);
        try (var build = command(spec);
                progress) {
            build.exec(progress).awaitCompletion();
        } catch (IOException | RuntimeException problem) {
            throw new DockerException(
                    "The image of '%s' cannot be built: %s"
                            .formatted(spec.dockerfile(), problem.getMessage()),
                    problem);
        }
        String failure = progress.failure;
        if (failure != null) {
            throw new DockerException(
                    "The image of '%s' cannot be built: %s"
                            .formatted(spec.dockerfile(), failure.strip()));
        }
        String tag = spec.tags().iterator().next();
        return find(tag)
                .orElseThrow(
                        () ->
                                new DockerException(
                                        ("The image of '%s' was built, but the engine has none"
                                                        + " named '%s'.")
                                                .formatted(spec.dockerfile(), tag)));
    }

    private BuildImageCmd command(BuildSpec spec) {
        var build =
                engine.patient()
                        .buildImageCmd()
                        .withBaseDirectory(spec.context().toFile())
                        .withDockerfile(spec.dockerfile().toFile())
                        .withTags(spec.tags())
                        .withLabels(spec.labels())
                        .withNoCache(spec.noCache())
                        .withPull(spec.pull())
                        .withForcerm(true);
        spec.arguments().forEach(build::withBuildArg);
        if (!spec.target().isEmpty()) {
            build.withTarget(spec.target());
        }
        if (!spec.platform().isEmpty()) {
            build.withPlatform(spec.platform());
        }
        if (!spec.cacheFrom().isEmpty()) {
            build.withCacheFrom(spec.cacheFrom());
        }
        spec.login()
                .ifPresent(
                        login -> {
                            var logins = new AuthConfigurations();
                            logins.addConfig(login.toAuthConfig());
                            build.withBuildAuthConfigs(logins);
                        });
        return build;
    }

    private static final class BuildProgress extends ResultCallback.Adapter<BuildResponseItem> {
        private final Consumer<String> say;
        private volatile @Nullable String failure;

        BuildProgress(Consumer<String> say) {
            this.say = say;
        }

        @Override
        public void onNext(BuildResponseItem item) {
            if (item.isErrorIndicated() && item.getErrorDetail() != null) {
                failure = item.getErrorDetail().getMessage();
            }
            String line = item.getStream();
            if (line != null && !line.isBlank()) {
                line.strip().lines().forEach(say);
            }
        }
    }

    /// Gives an image of the engine one more name; another image that had it loses it.
    ///
    /// @param id as {@link #find} gives it
    /// @param name with a tag
    public void tag(String id, String name) throws DockerException {
        ImageName parts = ImageName.parse(name);
        Containers.call(
                "name the image %s '%s'".formatted(id, name),
                () -> engine.client().tagImageCmd(id, parts.repository(), parts.tag()).exec());
    }

    /// What the engine builds for: `linux/amd64`.
    public String platform() throws DockerException {
        return Containers.call(
                "say what it builds for",
                () -> {
                    var version = engine.client().versionCmd().exec();
                    return version.getOperatingSystem() + "/" + version.getArch();
                });
    }

    /// Brings an image to the registry that its name says; the engine tries again by itself.
    ///
    /// @param name with a tag
    /// @param credentials the workflow's; without them the Docker configuration's count
    /// @return the digest of the manifest that the registry now has under that tag
    public String push(String name, Optional<Credentials> credentials, Consumer<String> say)
            throws DockerException, InterruptedException {
        say.accept("Pushing '%s'".formatted(name));
        ImageName parts = ImageName.parse(name);
        Optional<Credentials> login = login(parts, credentials);
        var push = engine.patient().pushImageCmd(parts.repository()).withTag(parts.tag());
        login.ifPresent(it -> push.withAuthConfig(it.toAuthConfig()));
        var progress = new PushProgress(say);
        try (push;
                progress) {
            push.exec(progress).awaitCompletion();
        } catch (IOException | RuntimeException problem) {
            throw new DockerException(
                    "The image '%s' cannot be pushed: %s".formatted(name, problem.getMessage()),
                    problem);
        }
        String failure = progress.failure;
        if (failure != null) {
            throw new DockerException(
                    "The image '%s' cannot be pushed: %s".formatted(name, failure.strip()));
        }
        String digest = progress.digest;
        if (digest == null) {
            throw new DockerException(
                    "The image '%s' was pushed, but the engine does not say its digest."
                            .formatted(name));
        }
        return digest;
    }

    /// Says once per layer that it is there.
    private static final class PushProgress extends ResultCallback.Adapter<PushResponseItem> {
        private static final Set<String> TOLD = Set.of("Pushed", "Layer already exists");

        private final Consumer<String> say;
        private volatile @Nullable String failure;
        private volatile @Nullable String digest;

        PushProgress(Consumer<String> say) {
            this.say = say;
        }

        @Override
        public void onNext(PushResponseItem item) {
            if (item.isErrorIndicated() && item.getErrorDetail() != null) {
                failure = item.getErrorDetail().getMessage();
            }
            var result = item.getAux();
            if (result != null && result.getDigest() != null) {
                digest = result.getDigest();
            }
            String status = item.getStatus();
            if (status != null && item.getId() != null && TOLD.contains(status)) {
                say.accept(item.getId() + ": " + status);
            }
        }
    }
}
