package dev.slipway.agent.actions;

import dev.slipway.agent.actions.Storage.StoredFile;
import dev.slipway.glob.Glob;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// `actions/upload-artifact`: files that match patterns into the farm, under a name of the run.
final class UploadArtifact implements BuiltIn {
    private static final String NOT_ALLOWED = "\":<>|*?\r\n\\/";

    @Override
    public Map<String, String> inputs() {
        var inputs = new LinkedHashMap<String, String>();
        inputs.put("name", "artifact");
        inputs.put("path", "");
        inputs.put("if-no-files-found", "warn");
        inputs.put("retention-days", "");
        inputs.put("compression-level", "6");
        inputs.put("overwrite", "false");
        inputs.put("include-hidden-files", "false");
        inputs.put("archive", "true");
        return inputs;
    }

    @Override
    public void main(ActionCall call) throws IOException, InterruptedException {
        if (call.input("path").isEmpty()) {
            throw new ActionFailure("Input required and not supplied: path");
        }
        Glob glob = glob(call);
        List<Path> files = glob.findFiles();
        if (files.isEmpty()) {
            nothingFound(call);
            return;
        }
        String name = name(call, files);
        requireAllowed(name);
        // The farm takes the same content under the same name twice, for a restarted agent.
        String claim = "artifact/" + name;
        if (call.claimedByAnother(claim) && !call.flag("overwrite")) {
            throw new ActionFailure(
                    ("Failed to CreateArtifact: (409) Conflict: an artifact with the name '%s'"
                                    + " already exists on the workflow run. Choose another name, or"
                                    + " set overwrite: true.")
                            .formatted(name));
        }
        Path root = glob.rootOf(files);
        call.say(
                files.size() == 1
                        ? "With the provided path, there will be 1 file uploaded"
                        : "With the provided path, there will be %d files uploaded"
                                .formatted(files.size()));
        Map<String, Path> entries = new TreeMap<>();
        for (Path file : files) {
            // Links count as what they point to, as in GitHub's zip.
            entries.put(root.relativize(file).toString(), file.toRealPath());
        }
        List<StoredFile> stored = new FileStore(call.storage(), call.threads()).upload(entries);
        Storage.Created created =
                call.storage()
                        .createArtifact(name, stored, retention(call), call.flag("overwrite"));
        call.claim(claim);
        call.output("artifact-id", Long.toString(created.artifactId()));
        call.output("artifact-digest", created.digest().replaceFirst("^sha256:", ""));
        call.output(
                "artifact-url",
                "%s/%s/actions/runs/%d/artifacts/%d"
                        .formatted(
                                call.job().serverUrl(),
                                call.job().project(),
                                call.job().run(),
                                created.artifactId()));
        call.say(
                ("Artifact %s has been successfully uploaded! Final size is %d bytes. Artifact ID "
                                + "is %d")
                        .formatted(name, created.size(), created.artifactId()));
    }

    private static Glob glob(ActionCall call) {
        try {
            return Glob.parse(
                    call.input("path"),
                    call.workspace(),
                    HomeFolder.of(call.environment()),
                    new Glob.Options(true, true, !call.flag("include-hidden-files")));
        } catch (IllegalArgumentException invalid) {
            throw new ActionFailure("Invalid path: " + invalid.getMessage(), invalid);
        }
    }

    private static void nothingFound(ActionCall call) {
        String text =
                "No files were found with the provided path: %s. No artifacts will be uploaded."
                        .formatted(call.input("path"));
        switch (call.input("if-no-files-found")) {
            case "error" -> throw new ActionFailure(text);
            case "ignore" -> call.say(text);
            case "warn", "" -> call.warn(text);
            default ->
                    throw new ActionFailure(
                            ("Unrecognized if-no-files-found input. Provided: %s. Available "
                                            + "options: warn,error,ignore")
                                    .formatted(call.input("if-no-files-found")));
        }
    }

    /// With `archive: false` a single file keeps its own name.
    private static String name(ActionCall call, List<Path> files) {
        if (call.flag("archive")) {
            return call.input("name");
        }
        if (files.size() > 1) {
            throw new ActionFailure(
                    ("When 'archive' is set to false, only a single file can be uploaded. Found %d "
                                    + "files to upload.")
                            .formatted(files.size()));
        }
        return files.getFirst().getFileName().toString();
    }

    private static void requireAllowed(String name) {
        boolean bad = name.isEmpty() || name.chars().anyMatch(c -> NOT_ALLOWED.indexOf(c) >= 0);
        if (bad) {
            throw new ActionFailure(
                    ("The artifact name is not valid: '%s'. It must not be empty or contain any of:"
                         + " double quote, colon, <, >, |, *, ?, carriage return, line feed,"
                         + " backslash, slash.")
                            .formatted(name));
        }
    }

    private static int retention(ActionCall call) {
        String text = call.input("retention-days");
        if (text.isEmpty()) {
            return call.job().retentionDays();
        }
        try {
            int days = Integer.parseInt(text);
            int most = call.job().retentionDays();
            if (most > 0 && days > most) {
                call.warn(
                        ("Retention days cannot be greater than the maximum allowed retention set "
                                        + "within the repository. Using %d instead.")
                                .formatted(most));
                return most;
            }
            if (days < 0) {
                throw new ActionFailure("Invalid retention-days: " + text);
            }
            return days;
        } catch (NumberFormatException invalid) {
            throw new ActionFailure("Invalid retention-days", invalid);
        }
    }
}
