package dev.slipway.agent.deployment.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.RestartPolicy;

import dev.slipway.agent.deployment.Release;
import dev.slipway.agent.docker.DockerEngine;
import dev.slipway.agent.docker.DockerException;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// The containers of one deployed name, one for each version that is there, and what is done with
/// them. Labels say whose and which they are.
final class Versions {
    private static final String LABEL = "dev.slipway.deployment.";
    private static final int TAIL = 5;

    private final DockerEngine engine;
    private final DockerSettings settings;

    Versions(DockerEngine engine, DockerSettings settings) {
        this.engine = engine;
        this.settings = settings;
    }

    /// A container.
    ///
    /// @param name without the slash that Docker puts before it
    /// @param release 0 when Slipway did not make it
    /// @param proven whether it was found healthy: only then does Docker restart it by itself
    record Found(
            String id,
            String name,
            String owner,
            Release release,
            boolean proven,
            boolean running,
            String state,
            String health) {}

    /// All that Slipway has made for this name, the highest number first.
    List<Found> all() throws DockerException {
        var ids =
                call(
                        "list containers",
                        () ->
                                engine.client()
                                        .listContainersCmd()
                                        .withShowAll(true)
                                        .withLabelFilter(Map.of(LABEL + "target", settings.name()))
                                        .exec());
        var found = new ArrayList<Found>();
        for (var one : ids) {
            inspect(one.getId()).ifPresent(found::add);
        }
        found.sort(Comparator.comparingLong((Found one) -> one.release().number()).reversed());
        return found;
    }

    /// @param id or name
    Optional<Found> inspect(String id) throws DockerException {
        return call(
                "look at the container " + id,
                () -> {
                    try {
                        return Optional.of(found(engine.client().inspectContainerCmd(id).exec()));
                    } catch (NotFoundException gone) {
                        return Optional.empty();
                    }
                });
    }

    private static Found found(InspectContainerResponse said) {
        Map<String, String> labels =
                Optional.ofNullable(said.getConfig().getLabels()).orElse(Map.of());
        var state = said.getState();
        RestartPolicy restart = said.getHostConfig().getRestartPolicy();
        String policy = restart == null ? "" : restart.getName();
        String number = labels.getOrDefault(LABEL + "number", "0");
        return new Found(
                said.getId(),
                said.getName().replaceFirst("^/", ""),
                labels.getOrDefault(LABEL + "owner", ""),
                new Release(
                        number.matches("[0-9]{1,18}") ? Long.parseLong(number) : 0,
                        labels.getOrDefault(LABEL + "version", "")),
                !policy.isEmpty() && !policy.equals("no"),
                Boolean.TRUE.equals(state.getRunning()),
                "%s with exit code %d%s"
                        .formatted(
                                state.getStatus(),
                                Optional.ofNullable(state.getExitCodeLong()).orElse(-1L),
                                Boolean.TRUE.equals(state.getOOMKilled()) ? ", out of memory" : ""),
                state.getHealth() == null
                        ? ""
                        : Optional.ofNullable(state.getHealth().getStatus()).orElse(""));
    }

    /// Makes the container of a release; it does not run yet.
    ///
    /// @return false when the name is taken
    boolean create(Release release, String name) throws DockerException {
        var labels = new LinkedHashMap<String, String>();
        labels.put(LABEL + "target", settings.name());
        labels.put(LABEL + "owner", settings.owner());
        labels.put(LABEL + "number", Long.toString(release.number()));
        labels.put(LABEL + "version", release.version());
        var bindings = settings.ports().stream().map(PortBinding::parse).toList();
        var host =
                HostConfig.newHostConfig()
                        .withPortBindings(bindings)
                        .withBinds(settings.volumes().stream().map(Bind::parse).toList());
        if (!settings.network().isEmpty()) {
            host.withNetworkMode(settings.network());
        }
        return call(
                "create a container of " + settings.image(),
                () -> {
                    try (var create = engine.client().createContainerCmd(settings.image())) {
                        create.withName(name)
                                .withLabels(labels)
                                .withEnv(
                                        settings.environment().stream()
                                                .map(one -> one.getKey() + "=" + one.getValue())
                                                .toList())
                                .withExposedPorts(
                                        bindings.stream().map(PortBinding::getExposedPort).toList())
                                .withHostConfig(host);
                        if (!settings.command().isEmpty()) {
                            create.withCmd(settings.command());
                        }
                        create.exec();
                        return true;
                    } catch (ConflictException taken) {
                        return false;
                    }
                });
    }

    /// @return false when the name is taken
    boolean rename(Found container, String name) throws DockerException {
        return call(
                "rename the container " + container.name(),
                () -> {
                    try {
                        engine.client().renameContainerCmd(container.id()).withName(name).exec();
                        return true;
                    } catch (ConflictException taken) {
                        return false;
                    }
                });
    }

    void start(Found container) throws DockerException {
        call(
                "start the container " + container.name(),
                () -> {
                    try {
                        engine.client().startContainerCmd(container.id()).exec();
                    } catch (NotModifiedException running) {
                        return false;
                    }
                    return true;
                });
    }

    void stop(Found container) throws DockerException {
        call(
                "stop the container " + container.name(),
                () -> {
                    try {
                        engine.patient()
                                .stopContainerCmd(container.id())
                                .withTimeout((int) settings.stopTimeout().toSeconds())
                                .exec();
                    } catch (NotModifiedException | NotFoundException stopped) {
                        return false;
                    }
                    return true;
                });
    }

    void remove(Found container) throws DockerException {
        call(
                "remove the container " + container.name(),
                () -> {
                    try {
                        engine.client()
                                .removeContainerCmd(container.id())
                                .withForce(true)
                                .withRemoveVolumes(true)
                                .exec();
                    } catch (NotFoundException gone) {
                        return false;
                    }
                    return true;
                });
    }

    /// From now on Docker keeps it running.
    void prove(Found container) throws DockerException {
        var policy =
                settings.restart().equals("always")
                        ? RestartPolicy.alwaysRestart()
                        : RestartPolicy.unlessStoppedRestart();
        call(
                "keep the container " + container.name() + " running",
                () ->
                        engine.client()
                                .updateContainerCmd(container.id())
                                .withRestartPolicy(policy)
                                .exec());
    }

    /// Gets the image unless the engine has it.
    void provideImage() throws DockerException, InterruptedException {
        boolean there =
                call(
                        "look for the image " + settings.image(),
                        () -> {
                            try {
                                engine.client().inspectImageCmd(settings.image()).exec();
                                return true;
                            } catch (NotFoundException missing) {
                                return false;
                            }
                        });
        if (there) {
            return;
        }
        try {
            engine.client().pullImageCmd(settings.image()).start().awaitCompletion();
        } catch (RuntimeException refused) {
            throw failed("get the image " + settings.image(), refused);
        }
    }

    /// What a container printed last.
    String tail(Found container) throws DockerException, InterruptedException {
        var lines = new ArrayList<String>();
        try {
            engine.client()
                    .logContainerCmd(container.id())
                    .withStdOut(true)
                    .withStdErr(true)
                    .withTail(TAIL)
                    .exec(
                            new ResultCallback.Adapter<Frame>() {
                                @Override
                                public void onNext(Frame frame) {
                                    lines.add(
                                            new String(frame.getPayload(), StandardCharsets.UTF_8)
                                                    .strip());
                                }
                            })
                    .awaitCompletion();
        } catch (RuntimeException refused) {
            throw failed("read what the container printed", refused);
        }
        return lines.isEmpty()
                ? "; it printed nothing"
                : "; it printed: " + String.join(" | ", lines);
    }

    private static <T> T call(String what, Supplier<T> body) throws DockerException {
        try {
            return body.get();
        } catch (RuntimeException refused) {
            throw failed(what, refused);
        }
    }

    private static DockerException failed(String what, RuntimeException problem) {
        return new DockerException(
                "Docker cannot %s: %s"
                        .formatted(what, String.valueOf(problem.getMessage()).strip()),
                problem);
    }
}
