package dev.slipway.coordinator.api;

import dev.slipway.api.v1.FarmServiceGrpc;
import dev.slipway.api.v1.GetFarmRequest;
import dev.slipway.api.v1.GetFarmResponse;
import dev.slipway.api.v1.ListMembersRequest;
import dev.slipway.api.v1.ListMembersResponse;
import dev.slipway.api.v1.Member;
import dev.slipway.coordinator.api.Leadership.Standing;
import dev.slipway.coordinator.engine.AgentView;
import dev.slipway.coordinator.engine.EngineView;
import dev.slipway.coordinator.engine.Membership;
import dev.slipway.coordinator.engine.Membership.Progress;

import io.grpc.stub.StreamObserver;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/// The farm itself.
final class FarmApi extends FarmServiceGrpc.FarmServiceImplBase {
    private final Calls calls;
    private final Leadership leadership;
    private final Members members;
    private final String version;
    private final Instant startedAt;

    FarmApi(Calls calls, ApiParts parts) {
        this.calls = calls;
        this.leadership = parts.leadership();
        this.members = parts.members();
        this.version = parts.version();
        this.startedAt = parts.clock().now();
    }

    @Override
    public void getFarm(GetFarmRequest request, StreamObserver<GetFarmResponse> answers) {
        calls.unary(answers, this::farm);
    }

    @Override
    public void listMembers(
            ListMembersRequest request, StreamObserver<ListMembersResponse> answers) {
        calls.unary(answers, this::listed);
    }

    private ListMembersResponse listed() throws InterruptedException {
        List<Membership.Member> all = members.members();
        Progress leader =
                all.stream()
                        .map(Membership.Member::progress)
                        .filter(Progress::leads)
                        .max(Comparator.comparingLong(Progress::epoch))
                        .orElse(Progress.NONE);
        var answer = ListMembersResponse.newBuilder();
        all.forEach(member -> answer.addMembers(message(member, leader)));
        return answer.build();
    }

    private static Member message(Membership.Member member, Progress leader) {
        Progress progress = member.progress();
        return Member.newBuilder()
                .setId(member.self().id())
                .setAddress(member.self().address())
                .setVersion(member.self().version())
                .setLeads(progress.leads() && progress.epoch() == leader.epoch())
                .setEpoch(progress.epoch())
                .setPosition(progress.position())
                .setControlPosition(progress.control())
                .setOutputPosition(progress.output())
                .setControlLag(Math.max(0, leader.control() - progress.control()))
                .setOutputLag(Math.max(0, leader.output() - progress.output()))
                .build();
    }

    private GetFarmResponse farm() throws InterruptedException {
        Standing standing = leadership.standing();
        GetFarmResponse.Builder figures =
                standing.leads()
                        ? leadership.require().engine().read(FarmApi::figures)
                        : GetFarmResponse.newBuilder()
                                .setRunsActive(leadership.read(farm -> farm.runs().size()))
                                .setPosition(standing.position());
        return figures.setFarmId(standing.farmId())
                .setEpoch(standing.epoch())
                .setVersion(version)
                .setStartedAt(Messages.time(startedAt))
                .setStandby(!standing.leads())
                .setLeaderAddress(standing.leaderAddress())
                .build();
    }

    private static GetFarmResponse.Builder figures(EngineView view) {
        int connected = (int) view.agents().stream().filter(AgentView::connected).count();
        return GetFarmResponse.newBuilder()
                .setPosition(view.farm().position())
                .setAgentsConnected(connected)
                .setRunsActive(view.farm().runs().size())
                .setJobsQueued(view.queuedJobs())
                .setJobsRunning(view.leasedJobs());
    }
}
