package dev.slipway.simulation;

import dev.slipway.coordinator.model.Bytes;
import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.EventFacts;
import dev.slipway.coordinator.model.RerunScope;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.coordinator.model.SealedSecrets;
import dev.slipway.coordinator.model.Source;
import dev.slipway.coordinator.model.WorkflowFile;
import dev.slipway.coordinator.secrets.SecretBox;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.simulation.Workload.Wish;
import dev.slipway.testkit.SimulatedWorld.Node;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// People and scripts: submit, cancel and rerun, and try again with the same token until they are
/// answered.
final class SimulatedClient {
    static final String HOST = "client";
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final SimulatedNetwork network;
    private final List<String> coordinators;
    private final Path keyFile;
    private final Node node;
    private int busy;

    SimulatedClient(SimulatedNetwork network, List<String> coordinators, Path keyFile) {
        this.network = network;
        this.coordinators = coordinators;
        this.keyFile = keyFile;
        this.node = network.world().node(HOST);
    }

    /// Whether every wish has been answered.
    boolean done() {
        return busy == 0;
    }

    /// Will do what is wished, in time.
    void wish(Wish wish) {
        busy++;
        node.after(
                wish.at(),
                () -> node.threads().start(wish.token(), () -> carefully(() -> fulfil(wish))));
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    private void carefully(Work work) {
        try {
            work.run();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            busy--;
        }
    }

    private void fulfil(Wish wish) throws InterruptedException {
        var spec = spec(wish);
        long run = submit(wish.token(), spec);
        if (wish.cancelAfter().isPresent()) {
            node.timers().pause(wish.cancelAfter().get());
            cancel(run);
        }
        if (wish.twice()) {
            submit(wish.token(), spec);
        }
        if (wish.rerun()) {
            node.timers().pause(Duration.ofSeconds(30));
            rerun(wish.token() + "-again", run);
        }
    }

    private long submit(String token, RunSpec spec) throws InterruptedException {
        var answer = ask(new Command.SubmitRun(spec)).orElseThrow();
        network.world().note("%s is run %d".formatted(token, answer.run()));
        network.audit().guard(witness -> witness.submitted(token, answer.run()));
        return answer.run();
    }

    private void cancel(long run) throws InterruptedException {
        var answer = ask(new Command.CancelRun(run, "", "changed my mind", "tester", false));
        network.world().note("cancel of run %d: %s".formatted(run, answer));
        if (answer.isPresent()) {
            network.audit().guard(witness -> witness.cancelled(run));
        }
    }

    private void rerun(String token, long run) throws InterruptedException {
        var answer = ask(new Command.RerunRun(run, RerunScope.FAILED, "", token, "tester"));
        network.world().note("rerun of run %d: %s".formatted(run, answer));
    }

    /// @return empty when the farm refuses
    private <A> Optional<A> ask(Command<A> command) throws InterruptedException {
        for (int attempt = 0; ; attempt++) {
            String host = coordinators.get(attempt % coordinators.size());
            try {
                return Optional.of(
                        network.call(
                                node,
                                new SimulatedNetwork.Route(HOST, host),
                                DEADLINE,
                                new CompletableFuture<>(),
                                member -> member.engine().ask(command)));
            } catch (SlipwayException problem) {
                if (!passes(problem.code())) {
                    network.world().note("refused: " + problem.getMessage());
                    return Optional.empty();
                }
            }
            node.timers().pause(PAUSE);
        }
    }

    private static boolean passes(ErrorCode code) {
        return switch (code) {
            case FARM_UNREACHABLE, NOT_LEADER, DEADLINE_EXCEEDED, OVERLOADED, STORAGE_FAILED ->
                    true;
            default -> false;
        };
    }

    private RunSpec spec(Wish wish) {
        SealedSecrets secrets =
                wish.secret()
                        ? new SealedSecrets(
                                List.of("TOKEN"),
                                Bytes.copyOf(
                                        SecretBox.open(keyFile)
                                                .seal(wish.token(), Map.of("TOKEN", Task.SECRET))))
                        : SealedSecrets.NONE;
        return new RunSpec(
                wish.project(),
                new WorkflowFile(".github/workflows/ci.yml", Bytes.utf8(wish.workflow())),
                List.of(),
                new EventFacts(
                        "push",
                        "",
                        "refs/heads/main",
                        "0123456789012345678901234567890123456789",
                        "",
                        "",
                        "main",
                        "tester",
                        Optional.empty()),
                RunSpec.sorted(Map.of()),
                RunSpec.sorted(Map.of()),
                secrets,
                new Source.None(),
                List.of(),
                RunSpec.sorted(Map.of()),
                0,
                false,
                wish.token(),
                List.of());
    }
}
