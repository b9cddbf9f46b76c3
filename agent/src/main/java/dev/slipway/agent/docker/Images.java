package dev.slipway.agent.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.PullImageResultCallback;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.BuildResponseItem;
import com.github.dockerjava.api.model.PullResponseItem;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Images on the engine. Any thread may use it.
public final class Images {
    private static final int PULL_TRIES = 3;

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

    /// Makes sure that the engine has an image: pulls it, with three tries, when it is not there.
    ///
    /// @param credentials the workflow's; without them the Docker configuration's count
    /// @param say hears of the progress
    public void provide(String name, Optional<Credentials> credentials, Consumer<String> say)
            throws DockerException, InterruptedException {
        if (find(name).isPresent()) {
            say.accept("The image '%s' is on this machine already.".formatted(name));
            return;
        }
        for (int tries = 1; ; tries++) {
            try {
                pull(name, credentials, say);
                return;
            } catch (DockerException problem) {
                if (tries == PULL_TRIES) {
                    throw problem;
                }
                say.accept("Pulling failed, trying again: " + problem.getMessage());
            }
        }
    }

    private void pull(String name, Optional<Credentials> credentials, Consumer<String> say)
            throws DockerException, InterruptedException {
        say.accept("Pulling '%s'".formatted(name));
        ImageName parts = ImageName.parse(name);
        Optional<Credentials> login =
                credentials.isPresent()
                        ? credentials
                        : DockerConfig.login(parts.registry(), environment);
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
            throw new DockerException(
                    "The image '%s' cannot be pulled: %s".formatted(name, problem.getMessage()),
                    problem);
        }
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

    /// Builds an image from a Dockerfile with the engine's own builder.
    ///
    /// @param dockerfile its folder is the context
    /// @param tag the image's name
    /// @return its id
    public String build(
            File dockerfile, String tag, Map<String, String> labels, Consumer<String> say)
            throws DockerException, InterruptedException {
        var build =
                engine.patient()
                        .buildImageCmd(dockerfile)
                        .withTags(Set.of(tag))
                        .withLabels(labels)
                        .withForcerm(true);
        var progress = new BuildProgress(say);
        try (build;
                progress) {
            build.exec(progress).awaitCompletion();
        } catch (IOException | RuntimeException problem) {
            throw new DockerException(
                    "The image of '%s' cannot be built: %s"
                            .formatted(dockerfile, problem.getMessage()),
                    problem);
        }
        String failure = progress.failure;
        if (failure != null) {
            throw new DockerException(
                    "The image of '%s' cannot be built: %s".formatted(dockerfile, failure.strip()));
        }
        return find(tag)
                .orElseThrow(
                        () ->
                                new DockerException(
                                        ("The image of '%s' was built, but the engine has none"
                                                        + " named '%s'.")
                                                .formatted(dockerfile, tag)));
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
}
