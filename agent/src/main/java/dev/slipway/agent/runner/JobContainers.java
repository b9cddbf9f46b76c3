package dev.slipway.agent.runner;

import dev.slipway.agent.executor.Launch.Place;
import dev.slipway.agent.process.Tools;
import dev.slipway.expression.Value;
import dev.slipway.expression.Value.ObjectValue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The containers that a job has: its own, its services, their network. Known once `Initialize
/// containers` has run, and after a restart from the checkpoint.
final class JobContainers {
    private static final String KEY = "containers";

    private final Checkpoint checkpoint;
    private final PathMap paths;
    private volatile Value known = Value.NULL;

    /// @param paths how the job's container sees the job's folders
    JobContainers(Checkpoint checkpoint, PathMap paths) {
        this.checkpoint = checkpoint;
        this.paths = paths;
        known = checkpoint.recall(KEY).orElse(Value.NULL);
    }

    /// Keeps what was made.
    ///
    /// @param container null when the steps run on the machine
    void made(Value container, String network, Value services) {
        known =
                checkpoint.record(
                        KEY,
                        Values.object(
                                "container", container, "network", network, "services", services));
    }

    /// The Node.js that the machine lends to a container.
    ///
    /// @param program where it is there; empty when it does not run, or the machine has none
    /// @param problem why it does not run; empty when it does, or the machine has none
    record Node(String program, String problem) {}

    /// What the checkpoint says of a container.
    static ObjectValue container(
            String id, Map<String, String> environment, Tools tools, Node node) {
        return Values.object(
                "id",
                id,
                "env",
                Values.ofPairs(environment),
                "sh",
                tools.shell().toString(),
                "setsid",
                tools.setsid().toString(),
                "envProgram",
                tools.env().toString(),
                "perl",
                tools.perl().map(Path::toString).orElse(""),
                "node",
                node.program(),
                "nodeProblem",
                node.problem());
    }

    /// Whether the steps run in a container.
    boolean inContainer() {
        return known.get("container") instanceof ObjectValue;
    }

    /// How steps see the job's folders.
    PathMap paths() {
        return inContainer() ? paths : PathMap.NONE;
    }

    /// Where the processes of steps are started.
    Place place() {
        Value container = known.get("container");
        if (!inContainer()) {
            return new Place.Machine();
        }
        String perl = container.get("perl").text();
        return new Place.Inside(
                container.get("id").text(),
                new Tools(
                        "",
                        Path.of(container.get("sh").text()),
                        Path.of(container.get("setsid").text()),
                        Path.of(container.get("envProgram").text()),
                        perl.isEmpty() ? Optional.empty() : Optional.of(Path.of(perl))));
    }

    /// The variables that every process of the container has.
    Map<String, String> environment() {
        return Values.pairs(known.get("container").get("env"));
    }

    /// The id of the job's own container; only for a job that has one.
    String id() {
        return known.get("container").get("id").text();
    }

    /// The Node.js that the machine lends to the container.
    Node node() {
        Value container = known.get("container");
        return new Node(container.get("node").text(), container.get("nodeProblem").text());
    }

    /// The network of the job's containers; empty when it has none.
    String network() {
        return known.get("network").text();
    }

    /// The `job` context.
    ObjectValue context(String status) {
        var fields = new LinkedHashMap<String, Value>();
        fields.put("status", Value.of(status));
        if (inContainer()) {
            fields.put(
                    "container",
                    Values.object(
                            "id",
                            known.get("container").get("id"),
                            "network",
                            known.get("network")));
        }
        if (known.get("services") instanceof ObjectValue services) {
            fields.put("services", services);
        }
        return Value.object(fields);
    }
}
