package dev.slipway.agent.runner;

import dev.slipway.agent.docker.ContainerSpec;
import dev.slipway.agent.docker.Containers;
import dev.slipway.agent.docker.Containers.State;
import dev.slipway.agent.docker.DockerException;
import dev.slipway.agent.docker.Execs;
import dev.slipway.agent.executor.ContainerExecutor;
import dev.slipway.agent.process.Tools;
import dev.slipway.expression.Value;
import dev.slipway.expression.Value.ObjectValue;
import dev.slipway.workflow.StepsJob;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `Initialize containers` and `Stop containers`: the job's network, its services, its own
/// container.
///
/// Making them again after the agent died in between starts from nothing: what carries the job's
/// label is removed first.
final class ContainerSetUp {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    /// What of a service's output is shown.
    private static final int MAX_LOG_BYTES = 256 << 10;

    /// Stays, reaps the processes that lost their parents, and ends when it is told to.
    private static final List<String> STAY =
            List.of("-c", "trap 'exit 0' TERM INT; while :; do sleep 2147483 & wait $!; done");

    /// Says where the programs of supervision are, and whether the machine's Node.js runs.
    private static final String PROBE =
            """
            for program in sh setsid env perl grep dd mkfifo sync; do
                echo "$program=$(command -v "$program")"
            done
            node=%s
            [ -e "$node" ] || exit 0
            if said=$("$node" --version 2>&1); then
                echo "node=$node"
            else
                echo "nodeProblem=$(echo "$said" | head -n 1 | cut -c 1-200)"
            fi
            exit 0
            """;

    private final JobRuntime job;
    private final StepsJob definition;
    private final JobSteps steps;
    private final SupervisedContainers supervised;

    ContainerSetUp(JobRuntime job, StepsJob definition, JobSteps steps) {
        this.job = job;
        this.definition = definition;
        this.steps = steps;
        this.supervised = new SupervisedContainers(job);
    }

    /// Done after each restart of the agent.
    void watchAgain() throws IOException {
        supervised.watchAgain();
    }

    /// Whether the job has containers. Says the same after a restart. From then on the passwords of
    /// their registries are masked.
    ///
    /// @throws dev.slipway.expression.ExpressionException when that cannot be evaluated
    boolean isNeeded() {
        var all = new ArrayList<>(services());
        container().ifPresent(all::add);
        for (ContainerDefinition one : all) {
            one.credentials().ifPresent(login -> job.logs().masks().add(login.password()));
        }
        return !all.isEmpty();
    }

    private Optional<ContainerDefinition> container() {
        var scope = steps.siteOfJob(Headers.own("containers")).scope();
        return definition
                .container()
                .flatMap(value -> ContainerDefinition.of("container", value.evaluate(scope)));
    }

    private List<ContainerDefinition> services() {
        var scope = steps.siteOfJob(Headers.own("containers")).scope();
        var services = new ArrayList<ContainerDefinition>();
        definition
                .services()
                .map(value -> value.evaluate(scope))
                .filter(ObjectValue.class::isInstance)
                .map(ObjectValue.class::cast)
                .ifPresent(
                        all ->
                                all.entries()
                                        .forEach(
                                                (id, value) ->
                                                        ContainerDefinition.of(id, value)
                                                                .ifPresent(services::add)));
        return services;
    }

    /// Makes everything and waits until the services are healthy.
    ///
    /// @throws StepFailure when an image, a container or a service is at fault
    void initialize(StepOutput log) throws IOException, InterruptedException {
        try {
            make(log);
        } catch (DockerException problem) {
            throw new StepFailure(String.valueOf(problem.getMessage()), problem);
        }
    }

    private void make(StepOutput log) throws IOException, InterruptedException {
        Machine.Docker docker = docker();
        Containers containers = docker.containers();
        containers.removeAll(label());
        supervised.forget();
        String network = "slipway_network_" + job.machine().ids().fresh();
        containers.createNetwork(network, labels());
        say(log, "network", "Created the network " + network);
        var services = new LinkedHashMap<ContainerDefinition, String>();
        for (ContainerDefinition service : services()) {
            services.put(service, makeService(service, network, docker, log));
        }
        var context = new LinkedHashMap<String, Value>();
        for (Map.Entry<ContainerDefinition, String> service : services.entrySet()) {
            State state = awaitHealthy(service.getKey(), service.getValue(), log);
            context.put(
                    service.getKey().name(),
                    Values.object(
                            "id", state.id(),
                            "network", network,
                            "ports", Values.ofStrings(state.ports())));
        }
        Optional<ContainerDefinition> own = container();
        Value container = own.isPresent() ? makeOwn(own.get(), network, docker, log) : Value.NULL;
        job.containers().made(container, network, Value.object(context));
    }

    private Machine.Docker docker() {
        return job.machine()
                .docker()
                .orElseThrow(
                        () ->
                                new StepFailure(
                                        "This job needs containers, but no Docker engine answers on"
                                                + " this agent. Install Docker there and start the"
                                                + " agent again, or choose another one with"
                                                + " 'runs-on'."));
    }

    private String makeService(
            ContainerDefinition service, String network, Machine.Docker docker, StepOutput log)
            throws IOException, InterruptedException {
        provide(service, docker, log);
        // The same name when it is made again: what was recorded first counts.
        Value name =
                job.checkpoint()
                        .record("service/" + service.name(), Value.of(name(service.name())));
        var spec =
                new ContainerSpec(
                        name.text(),
                        service.image(),
                        service.entrypoint(),
                        service.command(),
                        service.environment(),
                        service.volumes(),
                        service.ports(),
                        "",
                        network,
                        List.of(service.name()),
                        labels(),
                        service.options());
        String id = supervised.begin(spec);
        say(log, "service/" + service.name(), "Started the service '" + service.name() + "'");
        return id;
    }

    private void provide(ContainerDefinition it, Machine.Docker docker, StepOutput log)
            throws IOException, InterruptedException {
        var number = new int[1];
        docker.pulled()
                .provide(
                        it.image(),
                        it.credentials(),
                        line -> say(log, "pull/" + it.name() + "/" + number[0]++, line));
    }

    private State awaitHealthy(ContainerDefinition service, String id, StepOutput log)
            throws IOException, InterruptedException {
        boolean told = false;
        while (true) {
            State state =
                    docker().containers()
                            .inspect(id)
                            .orElseThrow(
                                    () ->
                                            new StepFailure(
                                                    "The service '%s' was removed by somebody else."
                                                            .formatted(service.name())));
            boolean starting = state.running() && state.health().equals("starting");
            if (!starting) {
                if (state.running() && !state.health().equals("unhealthy")) {
                    say(
                            log,
                            "healthy/" + service.name(),
                            "The service '%s' is %s."
                                    .formatted(
                                            service.name(),
                                            state.health().isEmpty() ? "running" : "healthy"));
                    return state;
                }
                showLog(service.name(), id, log);
                throw new StepFailure(
                        "Failed to initialize container %s: the service '%s' %s"
                                .formatted(service.image(), service.name(), why(state)));
            }
            if (job.cancel().isRaised()) {
                throw new StepFailure("Cancelled while the services started.");
            }
            if (!told) {
                told = true;
                say(
                        log,
                        "waiting/" + service.name(),
                        "Waiting for the service '%s' to be healthy".formatted(service.name()));
            }
            job.machine().timers().pause(LOOK_AGAIN);
        }
    }

    private static String why(State state) {
        if (state.running()) {
            return "is unhealthy.";
        }
        return state.outOfMemory()
                ? "was killed because it used more memory than it may."
                : "has ended with exit code %d. %s".formatted(state.exitCode(), state.error());
    }

    private Value makeOwn(
            ContainerDefinition own, String network, Machine.Docker docker, StepOutput log)
            throws IOException, InterruptedException {
        provide(own, docker, log);
        JobFolders folders = job.folders();
        Path processes = Files.createDirectories(folders.containerLease().getParent());
        if (Files.exists(folders.lease())) {
            Files.copy(
                    folders.lease(), folders.containerLease(), StandardCopyOption.REPLACE_EXISTING);
        }
        var binds = new ArrayList<>(folders.containerPaths().binds());
        binds.add(processes + ":" + processes);
        binds.add(docker.supervisor() + ":" + docker.supervisor() + ":ro");
        docker.containers()
                .engine()
                .socket()
                .ifPresent(socket -> binds.add(socket + ":/var/run/docker.sock"));
        machineNode().ifPresent(node -> binds.add(node + ":" + JobFolders.CONTAINER_NODE + ":ro"));
        binds.addAll(own.volumes());
        var environment = new LinkedHashMap<>(own.environment());
        environment.putIfAbsent("HOME", "/github/home");
        var spec =
                new ContainerSpec(
                        name("job"),
                        own.image(),
                        Optional.of(List.of("sh")),
                        STAY,
                        environment,
                        binds,
                        own.ports(),
                        folders.containerPaths().toContainer(folders.workspace().toString()),
                        network,
                        List.of(),
                        labels(),
                        own.options());
        String id = supervised.begin(spec);
        say(log, "own", "Started the job's container of '%s'".formatted(own.image()));
        return probe(id, own, docker);
    }

    /// The machine's own Node.js, which most images lack.
    private Optional<Path> machineNode() throws IOException {
        Optional<Path> found =
                Programs.find(
                        "node", job.machine().environment().getOrDefault("PATH", "/usr/bin:/bin"));
        return found.isPresent() ? Optional.of(found.get().toRealPath()) : Optional.empty();
    }

    private Value probe(String id, ContainerDefinition own, Machine.Docker docker)
            throws IOException {
        Execs.Result result =
                docker.execs()
                        .run(id, List.of("sh", "-c", PROBE.formatted(JobFolders.CONTAINER_NODE)))
                        .orElseThrow(
                                () ->
                                        new StepFailure(
                                                "The job's container of '%s' does not stay up."
                                                        .formatted(own.image())));
        var found = new LinkedHashMap<String, String>();
        result.output()
                .lines()
                .filter(line -> line.indexOf('=') > 0 && !line.endsWith("="))
                .forEach(
                        line ->
                                found.put(
                                        line.substring(0, line.indexOf('=')),
                                        line.substring(line.indexOf('=') + 1)));
        List<String> missing =
                List.of("sh", "setsid", "env", "grep", "dd", "mkfifo", "sync").stream()
                        .filter(program -> !found.containsKey(program))
                        .toList();
        if (!missing.isEmpty()) {
            throw new StepFailure(
                    ("The image '%s' lacks programs that supervising steps needs: %s. Install them"
                         + " in the image (Debian's packages util-linux, grep and coreutils;"
                         + " BusyBox has them all).%s")
                            .formatted(
                                    own.image(), String.join(", ", missing), result.complaints()));
        }
        Map<String, String> environment =
                docker.containers().inspect(id).map(State::environment).orElse(Map.of());
        var tools =
                new Tools(
                        "",
                        Path.of(found.getOrDefault("sh", "sh")),
                        Path.of(found.getOrDefault("setsid", "setsid")),
                        Path.of(found.getOrDefault("env", "env")),
                        Optional.ofNullable(found.get("perl")).map(Path::of));
        return JobContainers.container(
                id,
                environment,
                tools,
                new JobContainers.Node(
                        found.getOrDefault("node", ""), found.getOrDefault("nodeProblem", "")));
    }

    /// Shows what the services printed, and removes everything.
    void stop(StepOutput log) throws IOException, InterruptedException {
        if (job.machine().docker().isEmpty()) {
            return;
        }
        for (ContainerDefinition service : services()) {
            Optional<Value> id = job.checkpoint().recall("service/" + service.name());
            if (id.isPresent()) {
                showLog(service.name(), id.get().text(), log);
            }
        }
        docker().containers().removeAll(label());
        supervised.forget();
        say(log, "removed", "Removed the job's containers and its network");
    }

    private void showLog(String name, String id, StepOutput log)
            throws IOException, InterruptedException {
        if (docker().containers().inspect(id).isEmpty()) {
            return;
        }
        var text = new StringBuilder();
        docker().containers()
                .output(
                        id,
                        false,
                        bytes -> {
                            text.append(new String(bytes, StandardCharsets.UTF_8));
                            return text.length() < MAX_LOG_BYTES;
                        });
        var lines = new ArrayList<String>();
        lines.add("##[group]Output of the service '%s'".formatted(name));
        text.toString().lines().forEach(lines::add);
        lines.add("##[endgroup]");
        log.say("containers/log/" + name, lines);
    }

    private String name(String what) {
        String plain = what.replaceAll("[^A-Za-z0-9_.-]", "-");
        return "slipway-" + plain + "-" + job.machine().ids().fresh();
    }

    private String label() {
        return ContainerExecutor.JOB_LABEL + "=" + job.trackingId();
    }

    private Map<String, String> labels() {
        return docker().labels(job.trackingId());
    }

    private static void say(StepOutput log, String key, String line) {
        log.say("containers/" + key, line);
    }
}
