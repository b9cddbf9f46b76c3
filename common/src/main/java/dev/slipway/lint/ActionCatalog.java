package dev.slipway.lint;

import dev.slipway.planning.WorkflowSource;
import dev.slipway.workflow.ActionManifest;
import dev.slipway.workflow.ActionManifestParser;
import dev.slipway.workflow.ActionRef;
import dev.slipway.workflow.CallJob;
import dev.slipway.workflow.Step;
import dev.slipway.workflow.Workflow;
import dev.slipway.workflow.WorkflowParser;
import dev.slipway.workflow.WorkflowRef;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What is known of the actions and workflows that a file uses: those built in, and those beside it
/// in the project. Remembers what it has read.
final class ActionCatalog {

    /// The inputs and outputs of a built-in action.
    record Known(Set<String> inputs, Set<String> required, Set<String> outputs) {}

    private static final Map<String, Known> BUILT_IN =
            Map.ofEntries(
                    known(
                            "actions/checkout",
                            "repository ref token ssh-key ssh-known-hosts ssh-strict ssh-user"
                                + " persist-credentials path clean filter sparse-checkout"
                                + " sparse-checkout-cone-mode fetch-depth fetch-tags show-progress"
                                + " lfs submodules set-safe-directory github-server-url"
                                + " allow-unsafe-pr-checkout",
                            "",
                            "ref commit"),
                    known(
                            "actions/upload-artifact",
                            "name path if-no-files-found retention-days compression-level overwrite"
                                    + " include-hidden-files archive",
                            "path",
                            "artifact-id artifact-url artifact-digest"),
                    known(
                            "actions/download-artifact",
                            "name artifact-ids path pattern merge-multiple github-token repository"
                                    + " run-id digest-mismatch skip-decompress",
                            "",
                            "download-path"),
                    known(
                            "actions/cache",
                            "path key restore-keys upload-chunk-size enableCrossOsArchive"
                                    + " fail-on-cache-miss lookup-only save-always",
                            "path key",
                            "cache-hit cache-primary-key cache-matched-key"),
                    known(
                            "actions/cache/restore",
                            "path key restore-keys enableCrossOsArchive fail-on-cache-miss"
                                    + " lookup-only",
                            "path key",
                            "cache-hit cache-primary-key cache-matched-key"),
                    known(
                            "actions/cache/save",
                            "path key upload-chunk-size enableCrossOsArchive",
                            "path key",
                            ""),
                    known(
                            "slipway/deploy",
                            "target version environment url path files start stop env port keep"
                                    + " stop-timeout container image command ports volumes"
                                    + " network restart workload namespace kubeconfig kube-context"
                                    + " rollout-timeout health-url health-status health-contains"
                                    + " health-matches health-headers health-request-headers"
                                    + " health-timeout health-interval health-successes"
                                    + " health-failures health-deadline health-window"
                                    + " prometheus-url prometheus-query prometheus-compare"
                                    + " prometheus-request-headers",
                            "target version",
                            "outcome number environment version running-version url"),
                    known(
                            "slackapi/slack-github-action",
                            "channel-id slack-message update-ts payload payload-delimiter"
                                + " payload-file-path payload-file-path-parsed api errors method"
                                + " payload-templated proxy retries token webhook webhook-type",
                            "",
                            "ok response ts thread_ts channel_id time"),
                    known(
                            "slipway/image",
                            "context file tags build-args target labels platform cache-from"
                                    + " no-cache pull push registry username password sarif"
                                    + " fail-on",
                            "tags",
                            "imageid tags digest"),
                    known(
                            "slipway/notify",
                            "to url title message status routing-key severity resolve key secret"
                                    + " payload",
                            "to",
                            ""),
                    known(
                            "slipway/test-report",
                            "path if-no-files-found",
                            "path",
                            "total failed skipped"));

    private final WorkflowSource source;
    private final Map<String, Optional<ActionManifest>> actions = new HashMap<>();
    private final Map<String, Optional<Workflow>> workflows = new HashMap<>();

    ActionCatalog(WorkflowSource source) {
        this.source = source;
    }

    private static Map.Entry<String, Known> known(
            String action, String inputs, String required, String outputs) {
        return Map.entry(action, new Known(words(inputs), words(required), words(outputs)));
    }

    private static Set<String> words(String text) {
        return text.isEmpty() ? Set.of() : new LinkedHashSet<>(List.of(text.split(" ")));
    }

    /// What the action of a step takes and gives, if that is known.
    Optional<Known> known(ActionRef action) {
        return switch (action) {
            case ActionRef.Repository remote ->
                    Optional.ofNullable(BUILT_IN.get(remote.fullName()));
            case ActionRef.Local local -> manifest(local.path()).map(ActionCatalog::describe);
            case ActionRef.Self self -> manifest(self.path()).map(ActionCatalog::describe);
            case ActionRef.Docker _ -> Optional.empty();
        };
    }

    /// The outputs of a step, if they are known; those of a script never are.
    Optional<Set<String>> outputs(Step step) {
        return step instanceof Step.Uses uses
                ? known(uses.uses().value()).map(Known::outputs)
                : Optional.empty();
    }

    /// The workflow of the project that a job calls.
    Optional<Workflow> callee(CallJob call) {
        return call.uses().value() instanceof WorkflowRef.Local local
                ? workflow(local.path())
                : Optional.empty();
    }

    /// A workflow of the project without errors.
    Optional<Workflow> workflow(String path) {
        Optional<Workflow> known = workflows.get(path);
        if (known == null) {
            known =
                    source.read(path)
                            .flatMap(bytes -> WorkflowParser.parse(path, bytes).workflow());
            workflows.put(path, known);
        }
        return known;
    }

    /// Whether the project has a file.
    boolean has(String path) {
        return workflows.getOrDefault(path, Optional.empty()).isPresent()
                || source.read(path).isPresent();
    }

    private Optional<ActionManifest> manifest(String folder) {
        Optional<ActionManifest> known = actions.get(folder);
        if (known == null) {
            String prefix = folder.isEmpty() ? "" : folder + "/";
            String yml = prefix + "action.yml";
            String yaml = prefix + "action.yaml";
            known =
                    source.read(yml)
                            .or(() -> source.read(yaml))
                            .flatMap(bytes -> ActionManifestParser.parse(yml, bytes).manifest());
            actions.put(folder, known);
        }
        return known;
    }

    private static Known describe(ActionManifest manifest) {
        Set<String> inputs = new LinkedHashSet<>();
        Set<String> required = new LinkedHashSet<>();
        for (ActionManifest.Input input : manifest.inputs()) {
            inputs.add(input.id());
            if (input.required() && input.defaultValue().isEmpty()) {
                required.add(input.id());
            }
        }
        Set<String> outputs = new LinkedHashSet<>();
        manifest.outputs().forEach(output -> outputs.add(output.id()));
        return new Known(inputs, required, outputs);
    }
}
