package dev.slipway.agent.actions;

import dev.slipway.agent.actions.Storage.Artifact;
import dev.slipway.agent.actions.Storage.StoredFile;
import dev.slipway.glob.Glob;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `actions/download-artifact`: artifacts of this run, or of another one of the project.
final class DownloadArtifact implements BuiltIn {
    @Override
    public Map<String, String> inputs() {
        var inputs = new LinkedHashMap<String, String>();
        inputs.put("name", "");
        inputs.put("artifact-ids", "");
        inputs.put("path", "");
        inputs.put("pattern", "");
        inputs.put("merge-multiple", "false");
        inputs.put("github-token", "");
        inputs.put("repository", "");
        inputs.put("run-id", "");
        inputs.put("skip-decompress", "false");
        inputs.put("digest-mismatch", "error");
        return inputs;
    }

    @Override
    public void main(ActionCall call) throws IOException, InterruptedException {
        Path target = target(call);
        long run = run(call);
        String name = call.input("name");
        List<Artifact> chosen = choose(call, run, name);
        boolean single =
                !name.isEmpty() || (!call.input("artifact-ids").isEmpty() && chosen.size() == 1);
        boolean flat = single || call.flag("merge-multiple");
        for (Artifact artifact : chosen) {
            Path into = flat ? target : target.resolve(artifact.name());
            call.say("Downloading artifact '%s' to: %s".formatted(artifact.name(), into));
            download(call, run, artifact, into);
        }
        call.say("Total of %d artifact(s) downloaded".formatted(chosen.size()));
        call.output("download-path", target.toString());
    }

    private static Path target(ActionCall call) {
        String path = call.input("path");
        if (path.startsWith("~")) {
            path = HomeFolder.of(call.environment()) + path.substring(1);
        }
        return call.workspace().resolve(path).normalize();
    }

    private static long run(ActionCall call) {
        String text = call.input("run-id");
        String repository = call.input("repository");
        if (!repository.isEmpty() && !repository.equalsIgnoreCase(call.job().project())) {
            throw new ActionFailure(
                    "Artifacts of another project ('%s') cannot be downloaded."
                            .formatted(repository));
        }
        if (text.isEmpty()) {
            return 0;
        }
        if (!text.matches("\\d{1,18}")) {
            throw new ActionFailure("Invalid run-id: '%s' is no number.".formatted(text));
        }
        long run = Long.parseLong(text);
        return run == call.job().run() ? 0 : run;
    }

    private static List<Artifact> choose(ActionCall call, long run, String name)
            throws InterruptedException {
        if (!name.isEmpty()) {
            if (!call.input("artifact-ids").isEmpty()) {
                throw new ActionFailure(
                        "Inputs 'name' and 'artifact-ids' cannot be used together. Please specify"
                                + " only one.");
            }
            List<Artifact> named = call.storage().artifacts(run, name, false);
            if (named.isEmpty()) {
                throw new ActionFailure(
                        ("Unable to download artifact(s): Artifact not found for name: %s\n        "
                                        + "Please ensure that your artifact is not expired and the "
                                        + "artifact was uploaded using a compatible version of "
                                        + "toolkit/upload-artifact.")
                                .formatted(name));
            }
            return List.of(named.getLast());
        }
        List<Artifact> all = call.storage().artifacts(run, "", false);
        if (!call.input("artifact-ids").isEmpty()) {
            return withIds(call, all);
        }
        String pattern = call.input("pattern");
        if (pattern.isEmpty()) {
            call.say("No input name, artifact-ids or pattern filtered specified, downloading all");
            return all;
        }
        Path root = Path.of("/");
        List<Glob> globs =
                Braces.expand(pattern).stream()
                        .map(one -> Glob.parse(one, root, root, Glob.Options.DEFAULT))
                        .toList();
        return all.stream()
                .filter(
                        one ->
                                globs.stream()
                                        .anyMatch(glob -> glob.matches(root.resolve(one.name()))))
                .toList();
    }

    private static List<Artifact> withIds(ActionCall call, List<Artifact> all) {
        Set<Long> wanted = new HashSet<>();
        for (String id : call.input("artifact-ids").split(",")) {
            String text = id.strip();
            if (!text.isEmpty()) {
                if (!text.matches("\\d{1,18}")) {
                    throw new ActionFailure(
                            "Invalid artifact ID: '%s'. Must be a number.".formatted(text));
                }
                wanted.add(Long.parseLong(text));
            }
        }
        List<Artifact> found = all.stream().filter(one -> wanted.contains(one.id())).toList();
        if (found.isEmpty()) {
            throw new ActionFailure(
                    "None of the provided artifact IDs were found: " + call.input("artifact-ids"));
        }
        if (found.size() < wanted.size()) {
            call.warn("Some artifact IDs were not found: " + call.input("artifact-ids"));
        }
        return found;
    }

    private static void download(ActionCall call, long run, Artifact artifact, Path into)
            throws IOException, InterruptedException {
        List<Artifact> whole = call.storage().artifacts(run, artifact.name(), true);
        if (whole.isEmpty()) {
            throw new ActionFailure(
                    "The artifact '%s' is gone: it was replaced or has expired."
                            .formatted(artifact.name()));
        }
        var folder = new SafeFolder(into);
        var places = new LinkedHashMap<StoredFile, FileStore.Target>();
        for (StoredFile file : new ArrayList<>(whole.getLast().files())) {
            places.put(file, new FileStore.Target(folder, file.path()));
        }
        new FileStore(call.storage(), call.threads()).download(places);
    }
}
