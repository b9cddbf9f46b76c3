package dev.slipway.agent;

import dev.slipway.agent.v1.BeginDeploymentRequest;
import dev.slipway.agent.v1.BeginDeploymentResponse;
import dev.slipway.agent.v1.DeploymentPhase;
import dev.slipway.agent.v1.ReportDeploymentRequest;
import dev.slipway.agent.v1.ReportDeploymentResponse;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The deployments of a {@link FakeFarm}: numbers rise by one per environment, phases never go
/// back, and what has ended stays as it is.
public final class FakeDeployments {
    private final Map<String, List<Record>> environments = new LinkedHashMap<>();

    /// A deployment as it is.
    public static final class Record {
        final BeginDeploymentRequest begun;
        DeploymentPhase phase = DeploymentPhase.DEPLOYMENT_PHASE_CLAIMED;
        final List<ReportDeploymentRequest> reports = new ArrayList<>();

        Record(BeginDeploymentRequest begun) {
            this.begun = begun;
        }

        public BeginDeploymentRequest begun() {
            return begun;
        }

        public DeploymentPhase phase() {
            return phase;
        }

        public List<ReportDeploymentRequest> reports() {
            return reports;
        }
    }

    /// All deployments of an environment; the first has number 1.
    public synchronized List<Record> of(String environment) {
        return List.copyOf(environments.getOrDefault(environment, List.of()));
    }

    synchronized BeginDeploymentResponse begin(BeginDeploymentRequest request) {
        String environment =
                request.getEnvironment().isEmpty() ? "production" : request.getEnvironment();
        List<Record> all = environments.computeIfAbsent(environment, name -> new ArrayList<>());
        Record found = null;
        String good = "";
        for (Record known : all) {
            if (known.begun.getToken().getAttempt().equals(request.getToken().getAttempt())
                    && known.begun.getStep().equals(request.getStep())) {
                found = known;
            } else if (known.phase == DeploymentPhase.DEPLOYMENT_PHASE_SUCCEEDED
                    && known.begun.getTarget().equals(request.getTarget())) {
                good = known.begun.getVersion();
            }
        }
        if (found == null) {
            found = new Record(request);
            all.add(found);
        }
        return BeginDeploymentResponse.newBuilder()
                .setEnvironment(environment)
                .setNumber(all.indexOf(found) + 1)
                .setLastGoodVersion(good)
                .setPhase(found.phase)
                .build();
    }

    synchronized ReportDeploymentResponse report(ReportDeploymentRequest request) {
        List<Record> all = environments.getOrDefault(request.getEnvironment(), List.of());
        if (request.getNumber() < 1 || request.getNumber() > all.size()) {
            throw new SlipwayException(ErrorCode.DEPLOYMENT_NOT_FOUND, "no such deployment");
        }
        Record known = all.get((int) request.getNumber() - 1);
        boolean ended =
                known.phase.getNumber() >= DeploymentPhase.DEPLOYMENT_PHASE_SUCCEEDED.getNumber();
        if (!ended) {
            known.reports.add(request);
            if (request.getPhaseValue() > known.phase.getNumber()) {
                known.phase = request.getPhase();
            }
        }
        return ReportDeploymentResponse.newBuilder()
                .setAccepted(!ended || known.phase == request.getPhase())
                .build();
    }
}
