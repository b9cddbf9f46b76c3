package dev.slipway.agent.deployment.docker;

import dev.slipway.agent.deployment.Release;
import dev.slipway.agent.deployment.RolloutException;
import dev.slipway.agent.deployment.SupersededException;
import dev.slipway.agent.deployment.Target;
import dev.slipway.agent.deployment.docker.Versions.Found;
import dev.slipway.agent.docker.DockerEngine;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// A container of the machine's Docker engine, replaced by name.
///
/// ```
/// web.slipway-7   the new version's container, made by the claim: a taken name is somebody's claim
/// web             what serves: a name that only one container can have
/// web.before-6    what served before, stopped, until the new version is found healthy
/// ```
///
/// The fence is the name: who takes it renames what it has looked at, by its id, and only when that
/// has a lower number. A version that is not known to be healthy is never restarted by Docker; that
/// is how one knows which are.
public final class DockerTarget implements Target {
    private final DockerEngine engine;
    private final DockerSettings settings;
    private final Versions versions;

    /// @param engine closed with this
    public DockerTarget(DockerEngine engine, DockerSettings settings) {
        this.engine = engine;
        this.settings = settings;
        this.versions = new Versions(engine, settings);
    }

    @Override
    public String kind() {
        return "docker";
    }

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public Standing read() throws IOException {
        List<Found> all = versions.all();
        return new Standing(
                all.isEmpty() ? 0 : all.getFirst().release().number(),
                all.stream().filter(Found::proven).map(Found::release).findFirst());
    }

    @Override
    public void claim(Release release)
            throws IOException, InterruptedException, SupersededException, RolloutException {
        versions.provideImage();
        requireOwner();
        requireNotLater(release);
        Optional<Found> serving = versions.inspect(settings.name());
        if (serving.isPresent() && serving.get().release().number() == 0) {
            throw new RolloutException(
                    ("a container '%s' exists that Slipway has not made. Remove or rename it, or"
                                    + " give this deployment another name")
                            .formatted(settings.name()));
        }
        if (own(release).isEmpty() && !versions.create(release, claimName(release))) {
            requireNotLater(release);
        }
    }

    private void requireOwner() throws IOException, RolloutException {
        for (Found one : versions.all()) {
            if (!one.owner().equals(settings.owner())) {
                throw new RolloutException(
                        ("the container '%s' belongs to %s, and this is %s. Deployments are"
                             + " numbered per environment of a project, so two of them cannot share"
                             + " a name. Give this one another 'container', or remove that one")
                                .formatted(one.name(), one.owner(), settings.owner()));
            }
        }
    }

    private String claimName(Release release) {
        return settings.name() + ".slipway-" + release.number();
    }

    @Override
    public void rollOut(Release release) throws IOException, SupersededException, RolloutException {
        requireNotLater(release);
        Found own = require(release);
        if (!own.name().equals(settings.name())) {
            makeWay(own);
            take(own, release);
        }
        requireNotLater(release);
        versions.start(own);
    }

    /// What serves is set aside when it is known to be good, and removed when it is not.
    private void makeWay(Found own) throws IOException {
        Optional<Found> serving = versions.inspect(settings.name());
        if (serving.isEmpty() || serving.get().id().equals(own.id())) {
            return;
        }
        Found before = serving.get();
        if (before.release().number() > own.release().number()) {
            // Whoever takes the name now is told by the fence.
            return;
        }
        if (before.proven()) {
            versions.stop(before);
            versions.rename(before, settings.name() + ".before-" + before.release().number());
        } else {
            versions.remove(before);
        }
    }

    private void take(Found own, Release release)
            throws IOException, SupersededException, RolloutException {
        if (!versions.rename(own, settings.name())) {
            requireNotLater(release);
            throw new RolloutException(
                    "the name '%s' was taken by another container meanwhile"
                            .formatted(settings.name()));
        }
    }

    @Override
    public void restore(Release failed, Release good)
            throws IOException, SupersededException, RolloutException {
        requireNotLater(failed);
        Optional<Found> bad = own(failed);
        if (bad.isPresent()) {
            // Its claim stays, so that lower numbers are still refused.
            versions.stop(bad.get());
            if (bad.get().name().equals(settings.name())) {
                versions.rename(bad.get(), settings.name() + ".failed-" + failed.number());
            }
        }
        Found back = require(good);
        if (!back.name().equals(settings.name())) {
            take(back, failed);
        }
        versions.start(back);
    }

    @Override
    public boolean runs(Release release) throws IOException {
        return own(release)
                .filter(own -> own.name().equals(settings.name()) && own.running())
                .isPresent();
    }

    @Override
    public Optional<String> problem(Release release) throws IOException, InterruptedException {
        Optional<Found> own = own(release);
        if (own.isEmpty()) {
            return Optional.of("its container was removed");
        }
        if (!own.get().running()) {
            return Optional.of("its container is " + own.get().state() + versions.tail(own.get()));
        }
        return own.get().health().equals("unhealthy")
                ? Optional.of("Docker's health check fails" + versions.tail(own.get()))
                : Optional.empty();
    }

    @Override
    public void settle(Release release) throws IOException, SupersededException {
        requireNotLater(release);
        for (Found one : versions.all()) {
            if (one.release().equals(release)) {
                versions.prove(one);
            } else if (one.release().number() < release.number()) {
                versions.remove(one);
            }
        }
    }

    @Override
    public List<String> hints() {
        return List.of(
                "Stop it with: docker stop " + settings.name(),
                "What it prints: docker logs " + settings.name());
    }

    @Override
    public void close() throws IOException {
        engine.close();
    }

    private Optional<Found> own(Release release) throws IOException {
        return versions.all().stream().filter(one -> one.release().equals(release)).findFirst();
    }

    private Found require(Release release) throws IOException, RolloutException {
        return own(release)
                .orElseThrow(
                        () ->
                                new RolloutException(
                                        "the container of %s was removed".formatted(release)));
    }

    private void requireNotLater(Release release) throws IOException, SupersededException {
        for (Found one : versions.all()) {
            if (one.release().number() > release.number()) {
                throw new SupersededException(
                        "deployment %d is refused: %s has been deployed to '%s' since"
                                .formatted(release.number(), one.release(), settings.name()));
            }
        }
    }
}
