package dev.slipway.coordinator.storage;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

import dev.slipway.coordinator.model.Bytes;
import dev.slipway.coordinator.model.EventFacts;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.coordinator.model.SealedSecrets;
import dev.slipway.coordinator.model.Source;
import dev.slipway.coordinator.model.WorkflowFile;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// What was submitted, as `slipway.journal.v1.RunSpec`.
public final class SpecCodec implements Codec<RunSpec> {
    @Override
    public byte[] encode(RunSpec spec) {
        return toProto(spec).toByteArray();
    }

    @Override
    public RunSpec decode(byte[] bytes) {
        try {
            return fromProto(dev.slipway.journal.v1.RunSpec.parseFrom(bytes));
        } catch (InvalidProtocolBufferException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    public static dev.slipway.journal.v1.RunSpec toProto(RunSpec spec) {
        var to =
                dev.slipway.journal.v1.RunSpec.newBuilder()
                        .setProject(spec.project())
                        .setWorkflow(toProto(spec.workflow()))
                        .setEvent(toProto(spec.event()))
                        .putAllInputs(spec.inputs())
                        .putAllVars(spec.vars())
                        .addAllSecretNames(spec.secrets().names())
                        .setSecretCiphertext(
                                ByteString.copyFrom(spec.secrets().ciphertext().toArray()))
                        .addAllJobs(spec.jobs())
                        .putAllLabelMapping(spec.labelMapping())
                        .setPriority(spec.priority())
                        .setDebug(spec.debug())
                        .setClientToken(spec.clientToken());
        spec.calledWorkflows().forEach(file -> to.addCalledWorkflows(toProto(file)));
        spec.commits().forEach(commit -> to.addCommits(DeploymentCodec.toProto(commit)));
        switch (spec.source()) {
            case Source.Git git -> to.setGitUrl(git.url());
            case Source.Bundle bundle ->
                    to.setBundleSha256(bundle.sha256()).setBundleSize(bundle.size());
            case Source.None none -> {
                // Neither field is set.
            }
        }
        return to.build();
    }

    public static RunSpec fromProto(dev.slipway.journal.v1.RunSpec from) {
        return new RunSpec(
                from.getProject(),
                fromProto(from.getWorkflow()),
                from.getCalledWorkflowsList().stream().map(SpecCodec::fromProto).toList(),
                fromProto(from.getEvent()),
                new TreeMap<>(from.getInputsMap()),
                new TreeMap<>(from.getVarsMap()),
                new SealedSecrets(
                        from.getSecretNamesList(),
                        Bytes.copyOf(from.getSecretCiphertext().toByteArray())),
                source(from),
                from.getJobsList(),
                new TreeMap<>(from.getLabelMappingMap()),
                from.getPriority(),
                from.getDebug(),
                from.getClientToken(),
                from.getCommitsList().stream().map(DeploymentCodec::fromProto).toList());
    }

    private static Source source(dev.slipway.journal.v1.RunSpec from) {
        if (!from.getGitUrl().isEmpty()) {
            return new Source.Git(from.getGitUrl());
        }
        if (!from.getBundleSha256().isEmpty()) {
            return new Source.Bundle(from.getBundleSha256(), from.getBundleSize());
        }
        return new Source.None();
    }

    private static dev.slipway.journal.v1.WorkflowFile toProto(WorkflowFile file) {
        return dev.slipway.journal.v1.WorkflowFile.newBuilder()
                .setPath(file.path())
                .setSource(ByteString.copyFrom(file.source().toArray()))
                .build();
    }

    private static WorkflowFile fromProto(dev.slipway.journal.v1.WorkflowFile from) {
        return new WorkflowFile(from.getPath(), Bytes.copyOf(from.getSource().toByteArray()));
    }

    private static dev.slipway.journal.v1.EventFacts toProto(EventFacts event) {
        return dev.slipway.journal.v1.EventFacts.newBuilder()
                .setName(event.name())
                .setPayloadJson(event.payloadJson())
                .setRef(event.ref())
                .setSha(event.sha())
                .setBaseRef(event.baseRef())
                .setHeadRef(event.headRef())
                .setDefaultBranch(event.defaultBranch())
                .setActor(event.actor())
                .addAllChangedPaths(event.changedPaths().orElse(List.of()))
                .setChangedPathsKnown(event.changedPaths().isPresent())
                .build();
    }

    private static EventFacts fromProto(dev.slipway.journal.v1.EventFacts from) {
        return new EventFacts(
                from.getName(),
                from.getPayloadJson(),
                from.getRef(),
                from.getSha(),
                from.getBaseRef(),
                from.getHeadRef(),
                from.getDefaultBranch(),
                from.getActor(),
                from.getChangedPathsKnown()
                        ? Optional.of(List.copyOf(from.getChangedPathsList()))
                        : Optional.empty());
    }
}
