package dev.slipway.coordinator.api;

import dev.slipway.api.v1.Agent;
import dev.slipway.api.v1.AgentServiceGrpc;
import dev.slipway.api.v1.DrainAgentRequest;
import dev.slipway.api.v1.DrainAgentResponse;
import dev.slipway.api.v1.ListAgentsRequest;
import dev.slipway.api.v1.ListAgentsResponse;
import dev.slipway.api.v1.ResumeAgentRequest;
import dev.slipway.api.v1.ResumeAgentResponse;
import dev.slipway.coordinator.engine.AgentView;
import dev.slipway.coordinator.model.Command;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.Clock;

import io.grpc.stub.StreamObserver;

import java.time.Duration;
import java.util.List;

/// The machines that run jobs.
final class AgentApi extends AgentServiceGrpc.AgentServiceImplBase {

    private final Calls calls;
    private final Leadership leadership;
    private final Clock clock;
    private final Duration unreachableAfter;

    AgentApi(Calls calls, ApiParts parts) {
        this.calls = calls;
        this.leadership = parts.leadership();
        this.clock = parts.clock();
        this.unreachableAfter = parts.unreachableAfter();
    }

    @Override
    public void listAgents(ListAgentsRequest request, StreamObserver<ListAgentsResponse> answers) {
        calls.unary(answers, () -> ListAgentsResponse.newBuilder().addAllAgents(agents()).build());
    }

    @Override
    public void drainAgent(DrainAgentRequest request, StreamObserver<DrainAgentResponse> answers) {
        calls.unary(
                answers,
                () -> {
                    leadership
                            .require()
                            .engine()
                            .ask(new Command.DrainAgent(request.getAgent(), Asked.SOMEBODY));
                    return DrainAgentResponse.newBuilder()
                            .setAgent(agent(request.getAgent()))
                            .build();
                });
    }

    @Override
    public void resumeAgent(
            ResumeAgentRequest request, StreamObserver<ResumeAgentResponse> answers) {
        calls.unary(
                answers,
                () -> {
                    leadership
                            .require()
                            .engine()
                            .ask(new Command.ResumeAgent(request.getAgent(), Asked.SOMEBODY));
                    return ResumeAgentResponse.newBuilder()
                            .setAgent(agent(request.getAgent()))
                            .build();
                });
    }

    private List<Agent> agents() throws InterruptedException {
        List<AgentView> views =
                leadership.current().engine().read(view -> List.copyOf(view.agents()));
        return views.stream().map(this::message).toList();
    }

    private Agent agent(String idOrName) throws InterruptedException {
        return agents().stream()
                .filter(agent -> agent.getId().equals(idOrName) || agent.getName().equals(idOrName))
                .findFirst()
                .orElseThrow(
                        () ->
                                new SlipwayException(
                                        ErrorCode.AGENT_NOT_FOUND,
                                        "There is no agent '%s'. List them with: slipway agents"
                                                .formatted(idOrName)));
    }

    private Agent message(AgentView agent) {
        Duration silence = clock.uptime().minus(agent.lastHeard());
        boolean unreachable = !agent.connected() || silence.compareTo(unreachableAfter) > 0;
        return Messages.agent(agent, clock.now().minus(silence), unreachable);
    }
}
