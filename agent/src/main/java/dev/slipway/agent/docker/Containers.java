package dev.slipway.agent.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Network;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.Volume;

import dev.slipway.agent.settings.ContainerLimits;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/// What is done with containers and networks. Any thread may use it.
public final class Containers {
    /// The engine keeps this much of a container's output in two files; older output is lost.
    private static final Map<String, String> LOG_BOUNDS = Map.of("max-size", "1g", "max-file", "2");

    private final DockerEngine engine;
    private final ContainerLimits limits;

    public Containers(DockerEngine engine, ContainerLimits limits) {
        this.engine = engine;
        this.limits = limits;
    }

    public DockerEngine engine() {
        return engine;
    }

    /// Makes a container; it does not run yet.
    ///
    /// @return its id
    /// @throws DockerException when the name is taken, the image is missing, or the engine refuses
    public String create(ContainerSpec spec) throws DockerException {
        return call(
                "create a container of '%s'".formatted(spec.image()),
                () -> {
                    try (var create = engine.client().createContainerCmd(spec.image())) {
                        return fill(create, spec).exec().getId();
                    }
                });
    }

    private CreateContainerCmd fill(CreateContainerCmd create, ContainerSpec spec) {
        ContainerOptions options = spec.options();
        var environment = new TreeMap<>(spec.environment());
        environment.putAll(options.environment());
        var labels = new LinkedHashMap<>(options.labels());
        labels.putAll(spec.labels());
        create.withName(spec.name())
                .withEnv(
                        environment.entrySet().stream()
                                .map(entry -> entry.getKey() + "=" + entry.getValue())
                                .toList())
                .withLabels(labels)
                .withAliases(join(spec.aliases(), options.aliases()));
        if (!spec.workingDirectory().isEmpty()) {
            create.withWorkingDir(spec.workingDirectory());
        }
        HostConfig host = options.apply(create, limits);
        // After the options: a job's container stays up by an entrypoint of ours.
        spec.entrypoint().ifPresent(create::withEntrypoint);
        if (!spec.command().isEmpty()) {
            create.withCmd(spec.command());
        }
        if (!spec.network().isEmpty()) {
            host.withNetworkMode(spec.network());
        }
        mount(create, host, join(spec.binds(), options.binds()));
        publish(create, host, join(spec.ports(), options.ports()));
        host.withLogConfig(new LogConfig(LogConfig.LoggingType.JSON_FILE, LOG_BOUNDS));
        return create.withHostConfig(host);
    }

    private static List<String> join(List<String> first, List<String> second) {
        var all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    private static void mount(CreateContainerCmd create, HostConfig host, List<String> binds) {
        var named = binds.stream().filter(bind -> bind.indexOf(':') >= 0).map(Bind::parse).toList();
        var unnamed =
                binds.stream().filter(bind -> bind.indexOf(':') < 0).map(Volume::new).toList();
        host.withBinds(named);
        create.withVolumes(unnamed);
    }

    private static void publish(CreateContainerCmd create, HostConfig host, List<String> ports) {
        var bindings = ports.stream().map(PortBinding::parse).toList();
        create.withExposedPorts(bindings.stream().map(PortBinding::getExposedPort).toList());
        host.withPortBindings(bindings);
    }

    /// Starts a container; one that runs already is left alone.
    public void start(String id) throws DockerException {
        call(
                "start a container",
                () -> {
                    try {
                        engine.client().startContainerCmd(id).exec();
                    } catch (NotModifiedException running) {
                        return false;
                    }
                    return true;
                });
    }

    /// What is known of a container.
    ///
    /// @param state `created`, `running`, `exited`, …
    /// @param exitCode of its main process, when it has exited
    /// @param outOfMemory whether the kernel killed it for the memory it used
    /// @param health `starting`, `healthy`, `unhealthy`; empty when nothing checks it
    /// @param ports host ports by container port (`5432`, and `5432/tcp`)
    /// @param environment the image's and its own
    public record State(
            String id,
            String image,
            String state,
            int exitCode,
            boolean outOfMemory,
            String error,
            String health,
            Map<String, String> ports,
            Map<String, String> environment) {
        public boolean running() {
            return state.equals("running") || state.equals("paused") || state.equals("restarting");
        }
    }

    /// Empty when there is no such container.
    public Optional<State> inspect(String id) throws DockerException {
        return call(
                "look at a container",
                () -> {
                    try {
                        return Optional.of(state(engine.client().inspectContainerCmd(id).exec()));
                    } catch (NotFoundException gone) {
                        return Optional.empty();
                    }
                });
    }

    private static State state(InspectContainerResponse found) {
        var said = found.getState();
        var environment = new LinkedHashMap<String, String>();
        String[] variables = found.getConfig().getEnv();
        for (String variable : variables == null ? new String[0] : variables) {
            int equals = variable.indexOf('=');
            environment.put(
                    equals < 0 ? variable : variable.substring(0, equals),
                    equals < 0 ? "" : variable.substring(equals + 1));
        }
        return new State(
                found.getId(),
                Optional.ofNullable(found.getConfig().getImage()).orElse(""),
                Optional.ofNullable(said.getStatus()).orElse(""),
                Optional.ofNullable(said.getExitCodeLong()).orElse(-1L).intValue(),
                Boolean.TRUE.equals(said.getOOMKilled()),
                Optional.ofNullable(said.getError()).orElse(""),
                said.getHealth() == null
                        ? ""
                        : Optional.ofNullable(said.getHealth().getStatus()).orElse(""),
                ports(found),
                environment);
    }

    private static Map<String, String> ports(InspectContainerResponse found) {
        var ports = new TreeMap<String, String>();
        Ports published = found.getNetworkSettings().getPorts();
        if (published == null) {
            return ports;
        }
        for (Map.Entry<ExposedPort, Ports.Binding[]> entry : published.getBindings().entrySet()) {
            Ports.Binding[] bindings = entry.getValue();
            if (bindings != null && bindings.length > 0) {
                String port = bindings[0].getHostPortSpec();
                ports.put(Integer.toString(entry.getKey().getPort()), port);
                ports.put(entry.getKey().toString(), port);
            }
        }
        return ports;
    }

    /// Sends a signal to a container's main process. One that does not run is left alone.
    ///
    /// @return whether it ran
    public boolean signal(String id, String signal) throws DockerException {
        return call(
                "send %s to a container".formatted(signal),
                () -> {
                    try {
                        engine.client().killContainerCmd(id).withSignal(signal).exec();
                        return true;
                    } catch (NotFoundException | ConflictException ended) {
                        return false;
                    }
                });
    }

    /// Removes a container, killing it first when it runs, with the volumes that have no name. One
    /// that is gone already is as good.
    public void remove(String id) throws DockerException {
        call(
                "remove a container",
                () -> {
                    try {
                        engine.client()
                                .removeContainerCmd(id)
                                .withForce(true)
                                .withRemoveVolumes(true)
                                .exec();
                        return true;
                    } catch (NotFoundException gone) {
                        return false;
                    } catch (ConflictException removing) {
                        return false;
                    }
                });
    }

    /// Waits for a container's end.
    public void awaitEnd(String id) throws DockerException, InterruptedException {
        try (var waiting = engine.patient().waitContainerCmd(id).start()) {
            waiting.awaitCompletion();
        } catch (java.io.IOException closing) {
            throw new DockerException(
                    "Cannot wait for a container: " + closing.getMessage(), closing);
        } catch (NotFoundException gone) {
            return;
        } catch (RuntimeException problem) {
            throw problem("wait for a container", problem);
        }
    }

    /// Hears a container's output from its first byte on.
    ///
    /// @param follow whether to go on until the container's end
    public void output(String id, boolean follow, Sink sink)
            throws DockerException, InterruptedException {
        var callback =
                new ResultCallback.Adapter<Frame>() {
                    @Override
                    public void onNext(Frame frame) {
                        if (!sink.take(frame.getPayload())) {
                            onComplete();
                        }
                    }
                };
        try (callback) {
            engine.patient()
                    .logContainerCmd(id)
                    .withStdOut(true)
                    .withStdErr(true)
                    .withFollowStream(follow)
                    .exec(callback)
                    .awaitCompletion();
        } catch (java.io.IOException closing) {
            throw new DockerException(
                    "Cannot follow a container's output: " + closing.getMessage(), closing);
        } catch (RuntimeException problem) {
            throw problem("follow a container's output", problem);
        }
    }

    /// Takes output; false when no more is wanted.
    @FunctionalInterface
    public interface Sink {
        boolean take(byte[] output);
    }

    /// Makes a network for the containers of one job.
    ///
    /// @return its id
    public String createNetwork(String name, Map<String, String> labels) throws DockerException {
        return call(
                "create a network",
                () ->
                        engine.client()
                                .createNetworkCmd()
                                .withName(name)
                                .withLabels(labels)
                                .exec()
                                .getId());
    }

    /// Removes all containers, networks and volumes with a label.
    ///
    /// @param label `name=value`
    /// @return how many containers there were
    public int removeAll(String label) throws DockerException {
        List<Container> found = list(label);
        for (Container container : found) {
            remove(container.getId());
        }
        String name = label.substring(0, label.indexOf('='));
        call(
                "remove the networks of a job",
                () -> {
                    for (Network network : engine.client().listNetworksCmd().exec()) {
                        Map<String, String> labels = network.getLabels();
                        if (labels != null && label.equals(name + "=" + labels.get(name))) {
                            removeNetwork(network.getId());
                        }
                    }
                    return true;
                });
        return found.size();
    }

    private void removeNetwork(String id) {
        try {
            engine.client().removeNetworkCmd(id).exec();
        } catch (NotFoundException gone) {
            return;
        }
    }

    /// The values that a label has on containers and networks which carry another one.
    ///
    /// @param label `name=value` that they carry
    /// @param wanted the label whose values are asked for
    public List<String> labelled(String label, String wanted) throws DockerException {
        var values = new java.util.TreeSet<String>();
        for (Container container : list(label)) {
            Optional.ofNullable(container.getLabels().get(wanted)).ifPresent(values::add);
        }
        int equals = label.indexOf('=');
        List<Network> networks =
                call("list networks", () -> engine.client().listNetworksCmd().exec());
        for (Network network : networks) {
            Map<String, String> labels = network.getLabels();
            if (labels != null
                    && label.substring(equals + 1).equals(labels.get(label.substring(0, equals)))) {
                Optional.ofNullable(labels.get(wanted)).ifPresent(values::add);
            }
        }
        return List.copyOf(values);
    }

    private List<Container> list(String label) throws DockerException {
        int equals = label.indexOf('=');
        return call(
                "list containers",
                () ->
                        engine.client()
                                .listContainersCmd()
                                .withShowAll(true)
                                .withLabelFilter(
                                        Map.of(
                                                label.substring(0, equals),
                                                label.substring(equals + 1)))
                                .exec());
    }

    /// Calls the engine, with its errors as ours.
    static <T> T call(String what, Supplier<T> body) throws DockerException {
        try {
            return body.get();
        } catch (RuntimeException problem) {
            throw problem(what, problem);
        }
    }

    static DockerException problem(String what, RuntimeException problem) {
        String why = Optional.ofNullable(problem.getMessage()).orElse(problem.toString()).strip();
        return new DockerException("The Docker engine cannot %s: %s".formatted(what, why), problem);
    }
}
