package dev.slipway.e2e;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One coordinator and its agents as separate processes that can be killed and started again.
final class Farm implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Pattern READY = Pattern.compile("grpc=([^\\s]+:(\\d+))");

    private final Path scratch;
    private Slipway coordinators;
    private Slipway agents;
    private Slipway.Background coordinator;
    private String address = "127.0.0.1:0";

    Farm(Slipway slipway, Path scratch) {
        this(slipway, slipway, scratch);
    }

    /// Coordinator and client of one version, agents of another.
    Farm(Slipway coordinators, Slipway agents, Path scratch) {
        this.coordinators = coordinators;
        this.agents = agents;
        this.scratch = scratch;
        startCoordinator();
    }

    /// From the next start on, the coordinator and the clients are of another version.
    void coordinatorsFrom(Slipway version) {
        coordinators = version;
    }

    /// From the next start on, agents are of another version.
    void agentsFrom(Slipway version) {
        agents = version;
    }

    /// Starts the coordinator, on the address that it had before.
    void startCoordinator() {
        coordinator =
                coordinators.start(
                        "coordinator",
                        scratch,
                        "coordinator",
                        "--data",
                        scratch.resolve("data").toString(),
                        "--listen",
                        address,
                        "--http",
                        "127.0.0.1:0");
        address = Eventually.get("coordinator ready", START, this::readyAddress);
    }

    private String readyAddress() {
        if (!coordinator.process().isAlive()) {
            throw new AssertionError("the coordinator ended\n" + coordinator.output());
        }
        Matcher ready = READY.matcher(coordinator.output());
        return ready.find() ? "127.0.0.1:" + ready.group(2) : null;
    }

    Slipway.Background coordinator() {
        return coordinator;
    }

    String address() {
        return address;
    }

    /// Starts an agent; the same name again means the same work directory.
    Slipway.Background startAgent(String name, String... more) {
        var arguments =
                new ArrayList<>(
                        List.of(
                                "agent",
                                "--coordinator",
                                address,
                                "--name",
                                name,
                                "--label",
                                "ubuntu-latest",
                                "--work",
                                scratch.resolve("work-" + name).toString()));
        arguments.addAll(List.of(more));
        return agents.start("agent-" + name, scratch, arguments.toArray(String[]::new));
    }

    /// A client command against this farm.
    Slipway.Result run(Path folder, String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.add(1, "--server");
        all.add(2, address);
        return coordinators.run(folder, all.toArray(String[]::new));
    }

    /// A command that works on files of this machine.
    Slipway.Result local(String... arguments) {
        return coordinators.run(scratch, arguments);
    }

    /// A client command that goes on in the background.
    Slipway.Background follow(String name, Path folder, String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.add(1, "--server");
        all.add(2, address);
        return coordinators.start(name, folder, all.toArray(String[]::new));
    }

    /// Submits one workflow and answers the run's number.
    long submit(Path folder, String... arguments) {
        var all = new ArrayList<>(List.of("submit", "--json"));
        all.addAll(List.of(arguments));
        String out = run(folder, all.toArray(String[]::new)).expect(0).out();
        Matcher run = Pattern.compile("\"run\"\\s*:\\s*(\\d+)").matcher(out);
        if (!run.find()) {
            throw new AssertionError("submit --json printed no run: " + out);
        }
        return Long.parseLong(run.group(1));
    }

    /// Waits until the run has finished and answers its conclusion, e.g. `success`.
    String awaitEnd(Path folder, long run, Duration limit) {
        return Eventually.get(
                "run %d finished".formatted(run),
                limit,
                () -> {
                    var shown = run(folder, "show", Long.toString(run), "--json");
                    return shown.exit() <= 1 && field(shown.out(), "status").equals("finished")
                            ? field(shown.out(), "conclusion")
                            : null;
                });
    }

    /// The first string value of a key in JSON text; the run's own fields come first.
    static String field(String json, String key) {
        Matcher value = Pattern.compile("\"%s\"\\s*:\\s*\"([^\"]*)\"".formatted(key)).matcher(json);
        return value.find() ? value.group(1) : "";
    }

    @Override
    public void close() {
        agents.close();
        coordinators.close();
    }
}
