package dev.slipway.coordinator.journal;

import com.google.protobuf.ByteString;

import dev.slipway.coordinator.model.Bytes;
import dev.slipway.coordinator.model.EventFacts;
import dev.slipway.coordinator.model.JobNode;
import dev.slipway.coordinator.model.JobPlan;
import dev.slipway.coordinator.model.RunHead;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.coordinator.model.SealedSecrets;
import dev.slipway.coordinator.model.Source;
import dev.slipway.coordinator.model.WorkflowFile;
import dev.slipway.journal.v1.Stored;

import java.util.List;
import java.util.Optional;

/// What runs and jobs are made of, to and from its stored form.
final class RunCodecs {
    private RunCodecs() {}

    static Stored.RunHead head(RunHead head) {
        var stored =
                Stored.RunHead.newBuilder()
                        .setNumber(head.number())
                        .setProject(head.project())
                        .setWorkflowName(head.workflowName())
                        .setWorkflowPath(head.workflowPath())
                        .setTitle(head.title())
                        .setEventName(head.eventName())
                        .setRef(head.ref())
                        .setBranch(head.branch())
                        .setSha(head.sha())
                        .setActor(head.actor())
                        .setNumberInWorkflow(head.numberInWorkflow())
                        .setPriority(head.priority());
        head.concurrency().map(ValueCodecs::concurrency).ifPresent(stored::setConcurrency);
        return stored.build();
    }

    static RunHead head(Stored.RunHead stored) {
        return new RunHead(
                stored.getNumber(),
                stored.getProject(),
                stored.getWorkflowName(),
                stored.getWorkflowPath(),
                stored.getTitle(),
                stored.getEventName(),
                stored.getRef(),
                stored.getBranch(),
                stored.getSha(),
                stored.getActor(),
                stored.getNumberInWorkflow(),
                stored.getPriority(),
                ValueCodecs.concurrency(stored.hasConcurrency(), stored.getConcurrency()));
    }

    static Stored.RunSpec spec(RunSpec spec) {
        var stored =
                Stored.RunSpec.newBuilder()
                        .setProject(spec.project())
                        .setWorkflow(file(spec.workflow()))
                        .setEvent(event(spec.event()))
                        .putAllInputs(spec.inputs())
                        .putAllVars(spec.vars())
                        .addAllSecretNames(spec.secrets().names())
                        .setSecretsCiphertext(bytes(spec.secrets().ciphertext()))
                        .setSource(source(spec.source()))
                        .addAllJobs(spec.jobs())
                        .putAllLabelMapping(spec.labelMapping())
                        .setPriority(spec.priority())
                        .setDebug(spec.debug())
                        .setClientToken(spec.clientToken());
        spec.calledWorkflows().forEach(called -> stored.addCalledWorkflows(file(called)));
        return stored.build();
    }

    static RunSpec spec(Stored.RunSpec stored) {
        return new RunSpec(
                stored.getProject(),
                file(stored.getWorkflow()),
                stored.getCalledWorkflowsList().stream().map(RunCodecs::file).toList(),
                event(stored.getEvent()),
                RunSpec.sorted(stored.getInputsMap()),
                RunSpec.sorted(stored.getVarsMap()),
                new SealedSecrets(
                        stored.getSecretNamesList(), bytes(stored.getSecretsCiphertext())),
                source(stored.getSource()),
                stored.getJobsList(),
                RunSpec.sorted(stored.getLabelMappingMap()),
                stored.getPriority(),
                stored.getDebug(),
                stored.getClientToken());
    }

    static Stored.JobNode node(JobNode node) {
        return Stored.JobNode.newBuilder()
                .setNode(node.node())
                .setLeg(node.leg())
                .setGroup(node.group())
                .setParent(node.parent())
                .setCall(node.kind() == JobNode.Kind.CALL)
                .addAllNeeds(node.needs())
                .build();
    }

    static JobNode node(Stored.JobNode stored) {
        return new JobNode(
                stored.getNode(),
                stored.getLeg(),
                stored.getGroup(),
                stored.getParent(),
                stored.getCall() ? JobNode.Kind.CALL : JobNode.Kind.STEPS,
                stored.getNeedsList());
    }

    static Stored.JobPlan plan(JobPlan plan) {
        var stored =
                Stored.JobPlan.newBuilder()
                        .setName(plan.name())
                        .addAllRunsOn(plan.runsOn())
                        .setMatrixJson(plan.matrixJson())
                        .setLegs(plan.legs())
                        .setMaxParallel(plan.maxParallel())
                        .setFailFast(plan.failFast())
                        .setContinueOnError(plan.continueOnError())
                        .setEnvironment(plan.environment())
                        .setDeploys(plan.deploys())
                        .setTimeoutMinutes(plan.timeoutMinutes())
                        .setCancelTimeoutMinutes(plan.cancelTimeoutMinutes());
        plan.concurrency().map(ValueCodecs::concurrency).ifPresent(stored::setConcurrency);
        return stored.build();
    }

    static JobPlan plan(Stored.JobPlan stored) {
        return new JobPlan(
                stored.getName(),
                stored.getRunsOnList(),
                stored.getMatrixJson(),
                stored.getLegs(),
                stored.getMaxParallel(),
                stored.getFailFast(),
                stored.getContinueOnError(),
                stored.getEnvironment(),
                stored.getDeploys(),
                ValueCodecs.concurrency(stored.hasConcurrency(), stored.getConcurrency()),
                stored.getTimeoutMinutes(),
                stored.getCancelTimeoutMinutes());
    }

    private static Stored.WorkflowFile file(WorkflowFile file) {
        return Stored.WorkflowFile.newBuilder()
                .setPath(file.path())
                .setSource(bytes(file.source()))
                .build();
    }

    private static WorkflowFile file(Stored.WorkflowFile stored) {
        return new WorkflowFile(stored.getPath(), bytes(stored.getSource()));
    }

    private static Stored.EventFacts event(EventFacts event) {
        return Stored.EventFacts.newBuilder()
                .setName(event.name())
                .setPayloadJson(event.payloadJson())
                .setRef(event.ref())
                .setSha(event.sha())
                .setBaseRef(event.baseRef())
                .setHeadRef(event.headRef())
                .setDefaultBranch(event.defaultBranch())
                .setActor(event.actor())
                .setChangedPathsKnown(event.changedPaths().isPresent())
                .addAllChangedPaths(event.changedPaths().orElse(List.of()))
                .build();
    }

    private static EventFacts event(Stored.EventFacts stored) {
        return new EventFacts(
                stored.getName(),
                stored.getPayloadJson(),
                stored.getRef(),
                stored.getSha(),
                stored.getBaseRef(),
                stored.getHeadRef(),
                stored.getDefaultBranch(),
                stored.getActor(),
                stored.getChangedPathsKnown()
                        ? Optional.of(List.copyOf(stored.getChangedPathsList()))
                        : Optional.empty());
    }

    private static Stored.Source source(Source source) {
        var stored = Stored.Source.newBuilder();
        switch (source) {
            case Source.Git(String url) -> stored.setGitUrl(url);
            case Source.Bundle(String sha256, long size) ->
                    stored.setBundle(Stored.Bundle.newBuilder().setSha256(sha256).setSize(size));
            case Source.None() -> stored.clearFrom();
        }
        return stored.build();
    }

    private static Source source(Stored.Source stored) {
        return switch (stored.getFromCase()) {
            case GIT_URL -> new Source.Git(stored.getGitUrl());
            case BUNDLE ->
                    new Source.Bundle(stored.getBundle().getSha256(), stored.getBundle().getSize());
            case FROM_NOT_SET -> new Source.None();
        };
    }

    private static ByteString bytes(Bytes bytes) {
        return ByteString.copyFrom(bytes.toArray());
    }

    private static Bytes bytes(ByteString bytes) {
        return Bytes.copyOf(bytes.toByteArray());
    }
}
