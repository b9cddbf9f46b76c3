package dev.slipway.coordinator.api;

import dev.slipway.api.v1.ListRunsRequest;
import dev.slipway.api.v1.RerunRunRequest;
import dev.slipway.api.v1.SubmitRunRequest;
import dev.slipway.coordinator.blobs.BlobRef;
import dev.slipway.coordinator.model.Bytes;
import dev.slipway.coordinator.model.Commit;
import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.EventFacts;
import dev.slipway.coordinator.model.RerunScope;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.coordinator.model.SealedSecrets;
import dev.slipway.coordinator.model.Source;
import dev.slipway.coordinator.model.Status;
import dev.slipway.coordinator.model.WorkflowFile;
import dev.slipway.coordinator.storage.RunFilter;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.expression.Json;
import dev.slipway.expression.Value;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Requests in the farm's own words, checked as far as that needs no state.
final class Requests {
    private static final int MAX_WORKFLOW = 1 << 20;
    private static final int MAX_CALLED = 50;
    private static final int MAX_SECRET = 48 << 10;
    private static final int MAX_TOKEN = 128;
    private static final int MAX_PAYLOAD = 8 << 20;
    private static final int MAX_PRIORITY = 100;
    private static final Pattern SHA = Pattern.compile("[0-9a-f]{7,64}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private Requests() {}

    /// @param token the request's, or a fresh one when it has none
    /// @param secrets sealed for that token
    static RunSpec spec(SubmitRunRequest request, String token, SealedSecrets secrets) {
        require(!request.getProject().isBlank(), "project must be given");
        require(!request.getWorkflow().getPath().isBlank(), "workflow.path must be given");
        require(!request.getEventName().isBlank(), "event_name must be given");
        require(token.length() <= MAX_TOKEN, "client_token has more than 128 characters");
        require(
                Math.abs(request.getPriority()) <= MAX_PRIORITY,
                "priority must be between -100 and 100");
        require(
                request.getCalledWorkflowsCount() <= MAX_CALLED,
                "more than 50 called_workflows are not possible");
        require(
                request.getCommitsCount() <= RunSpec.MAX_COMMITS,
                "more than %d commits are not possible".formatted(RunSpec.MAX_COMMITS));
        request.getSecretsMap().forEach(Requests::checkSecret);
        return new RunSpec(
                request.getProject(),
                file(request.getWorkflow()),
                request.getCalledWorkflowsList().stream().map(Requests::file).toList(),
                event(request),
                RunSpec.sorted(request.getInputsMap()),
                RunSpec.sorted(request.getVarsMap()),
                secrets,
                source(request.getSource()),
                request.getJobsList(),
                RunSpec.sorted(request.getLabelMappingMap()),
                request.getPriority(),
                request.getDebug(),
                token,
                request.getCommitsList().stream().map(Requests::commit).toList());
    }

    private static Commit commit(dev.slipway.api.v1.Commit commit) {
        require(
                SHA.matcher(commit.getSha()).matches()
                        && commit.getParentsList().stream()
                                .allMatch(parent -> SHA.matcher(parent).matches()),
                "'%s' or one of its parents is no commit".formatted(commit.getSha()));
        String title = commit.getTitle();
        return new Commit(
                commit.getSha(),
                commit.getParentsList(),
                Instant.ofEpochSecond(commit.getCommittedAt().getSeconds()),
                title.substring(0, Math.min(Commit.MAX_TITLE, title.length())));
    }

    private static void checkSecret(String name, String value) {
        require(
                NAME.matcher(name).matches(),
                "'%s' cannot name a secret: letters, digits and _ only".formatted(name));
        require(
                value.length() <= MAX_SECRET,
                "the secret %s is longer than 48 KiB".formatted(name));
    }

    private static WorkflowFile file(dev.slipway.api.v1.WorkflowFile file) {
        if (file.getSource().size() > MAX_WORKFLOW) {
            throw new SlipwayException(
                    ErrorCode.INVALID_WORKFLOW,
                    "%s:1:1: error: the file has %d bytes; a workflow has at most 1 MiB"
                            .formatted(file.getPath(), file.getSource().size()));
        }
        return new WorkflowFile(file.getPath(), Bytes.copyOf(file.getSource().toByteArray()));
    }

    private static EventFacts event(SubmitRunRequest request) {
        if (!request.getEventJson().isEmpty()) {
            checkPayload(request.getEventJson());
        }
        return new EventFacts(
                request.getEventName(),
                request.getEventJson(),
                request.getRef(),
                request.getSha(),
                request.getBaseRef(),
                request.getHeadRef(),
                request.getDefaultBranch(),
                request.getActor(),
                request.getChangedPathsKnown()
                        ? Optional.of(List.copyOf(request.getChangedPathsList()))
                        : Optional.empty());
    }

    private static void checkPayload(String json) {
        require(json.length() <= MAX_PAYLOAD, "event_json is longer than 8 MiB");
        try {
            require(
                    Json.parse(json) instanceof Value.ObjectValue,
                    "event_json must be a JSON object, as GitHub's webhooks send it");
        } catch (IllegalArgumentException notJson) {
            throw invalid("event_json is not JSON: " + notJson.getMessage());
        }
    }

    private static Source source(dev.slipway.api.v1.Source source) {
        return switch (source.getFromCase()) {
            case GIT -> new Source.Git(source.getGit().getUrl());
            case BUNDLE -> {
                BlobRef blob = blob(source.getBundle().getBlob());
                yield new Source.Bundle(blob.sha256(), blob.size());
            }
            case FROM_NOT_SET -> new Source.None();
        };
    }

    static BlobRef blob(dev.slipway.api.v1.Blob blob) {
        return new BlobRef(blob.getSha256(), blob.getSize());
    }

    static RunFilter filter(ListRunsRequest request) {
        return new RunFilter(
                request.getProject(),
                request.getWorkflow(),
                request.getBranch(),
                request.getStatusValue() == 0
                        ? Optional.empty()
                        : Optional.of(known(request.getStatusValue(), Status::of)),
                request.getConclusionValue() == 0
                        ? Optional.empty()
                        : Optional.of(known(request.getConclusionValue(), Conclusion::of)),
                request.hasQueuedAfter()
                        ? Optional.of(instant(request.getQueuedAfter()))
                        : Optional.empty(),
                request.hasQueuedBefore()
                        ? Optional.of(instant(request.getQueuedBefore()))
                        : Optional.empty());
    }

    private static <T> T known(int number, java.util.function.IntFunction<T> values) {
        try {
            return values.apply(number);
        } catch (IllegalArgumentException unknown) {
            throw invalid(String.valueOf(unknown.getMessage()));
        }
    }

    static int pageSize(ListRunsRequest request) {
        int size = request.getPageSize() == 0 ? 50 : request.getPageSize();
        require(size >= 1 && size <= 500, "page_size must be between 1 and 500");
        return size;
    }

    static long pageStart(ListRunsRequest request) {
        if (request.getPageToken().isEmpty()) {
            return 0;
        }
        try {
            return Long.parseLong(request.getPageToken());
        } catch (NumberFormatException wrong) {
            throw invalid(
                    "'%s' is no page token: pass that of the answer before"
                            .formatted(request.getPageToken()));
        }
    }

    static RerunScope scope(RerunRunRequest request) {
        return switch (request.getScope()) {
            case SCOPE_ALL -> RerunScope.ALL;
            case SCOPE_FAILED -> RerunScope.FAILED;
            case SCOPE_JOB -> RerunScope.JOB;
            case SCOPE_UNSPECIFIED, UNRECOGNIZED ->
                    throw invalid("scope must be all, failed or job");
        };
    }

    private static Instant instant(com.google.protobuf.Timestamp at) {
        return Instant.ofEpochSecond(at.getSeconds(), at.getNanos());
    }

    static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw invalid(otherwise);
        }
    }

    private static SlipwayException invalid(String why) {
        return new SlipwayException(
                ErrorCode.INVALID_ARGUMENT, "The request is refused: %s.".formatted(why));
    }
}
