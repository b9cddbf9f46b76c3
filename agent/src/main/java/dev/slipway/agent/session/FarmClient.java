package dev.slipway.agent.session;

import dev.slipway.agent.actions.Storage;
import dev.slipway.agent.deployment.DeploymentLog;
import dev.slipway.agent.runner.Farm;
import dev.slipway.agent.runner.JobSpec;
import dev.slipway.agent.runner.Token;
import dev.slipway.agent.v1.GetJobSpecRequest;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.Timers;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;

/// Calls to the farm that wait out lost connections: each goes to whichever coordinator the session
/// has joined. What bounds the waiting is the caller's attempt, whose thread is interrupted when it
/// is abandoned, times out or loses its lease.
public final class FarmClient implements Farm {
    private static final Logger LOG = LoggerFactory.getLogger(FarmClient.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final String agentId;
    private final ConnectionGate gate;
    private final Timers timers;

    public FarmClient(String agentId, ConnectionGate gate, Timers timers) {
        this.agentId = agentId;
        this.gate = gate;
        this.timers = timers;
    }

    @Override
    public JobSpec fetchSpec(Token token) throws InterruptedException {
        var request =
                GetJobSpecRequest.newBuilder()
                        .setAgentId(agentId)
                        .setToken(Messages.token(token))
                        .build();
        return Messages.spec(call(calls -> calls.getJobSpec(request)).getSpec());
    }

    @Override
    public Storage storage(Token token) {
        return new FarmStorage(token, this);
    }

    @Override
    public DeploymentLog deployments(Token token) {
        return new FarmDeployments(token, this);
    }

    /// One call with one answer.
    @FunctionalInterface
    interface Call<T> {
        T on(FarmCalls calls) throws InterruptedException;
    }

    /// One call that moves bytes.
    @FunctionalInterface
    interface Transfer {
        void on(FarmCalls calls) throws IOException, InterruptedException;
    }

    /// Asks, after a failed transfer, whether it is done after all.
    @FunctionalInterface
    interface Recheck {
        boolean isDone() throws InterruptedException;
    }

    <T> T call(Call<T> call) throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        while (true) {
            var opened = gate.await();
            try {
                return call.on(opened.connection().calls());
            } catch (SlipwayException problem) {
                throwUnlessTransient(problem);
                LOG.debug("Asking the farm again. why={}", problem.getMessage());
            }
            pause = pauseThenDouble(pause);
        }
    }

    void transfer(Transfer transfer, Recheck recheck) throws IOException, InterruptedException {
        Duration pause = FIRST_PAUSE;
        while (true) {
            var opened = gate.await();
            try {
                transfer.on(opened.connection().calls());
                return;
            } catch (SlipwayException problem) {
                throwUnlessTransient(problem);
                LOG.debug("Going on with a transfer. why={}", problem.getMessage());
            }
            pause = pauseThenDouble(pause);
            if (recheck.isDone()) {
                return;
            }
        }
    }

    private static void throwUnlessTransient(SlipwayException problem) {
        boolean goesAway =
                switch (problem.code()) {
                    case FARM_UNREACHABLE,
                            DEADLINE_EXCEEDED,
                            NOT_LEADER,
                            OVERLOADED,
                            STORAGE_FAILED ->
                            true;
                    default -> false;
                };
        if (!goesAway) {
            throw problem;
        }
    }

    private Duration pauseThenDouble(Duration pause) throws InterruptedException {
        timers.pause(pause);
        Duration longer = pause.multipliedBy(2);
        return longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
    }
}
