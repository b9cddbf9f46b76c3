package dev.slipway.agent.runner;

import dev.slipway.agent.output.EnvironmentFiles;
import dev.slipway.agent.output.Masks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The command files of one process: `GITHUB_ENV`, `GITHUB_OUTPUT`, `GITHUB_PATH`, `GITHUB_STATE`,
/// `GITHUB_STEP_SUMMARY`. Fresh for each process, read when it has ended, whatever its exit code.
final class CommandFiles {
    private final String id;
    private final Path temp;
    private final Path env;
    private final Path output;
    private final Path path;
    private final Path state;
    private final Path summary;

    /// @param id of the process, part of the files' names
    CommandFiles(JobRuntime job, String id) {
        Path folder = job.folders().fileCommands();
        this.id = id;
        this.temp = job.folders().temp();
        this.env = folder.resolve("set_env_" + id);
        this.output = folder.resolve("set_output_" + id);
        this.path = folder.resolve("add_path_" + id);
        this.state = folder.resolve("save_state_" + id);
        this.summary = folder.resolve("step_summary_" + id);
    }

    /// @param failed whether a file could not be understood, which fails the step
    record Read(Effects effects, boolean failed) {}

    String id() {
        return id;
    }

    /// The fields of the `github` context that name the files.
    Map<String, String> githubFields() {
        var fields = new LinkedHashMap<String, String>();
        fields.put("env", env.toString());
        fields.put("output", output.toString());
        fields.put("path", path.toString());
        fields.put("state", state.toString());
        fields.put("step_summary", summary.toString());
        return fields;
    }

    private List<Path> all() {
        return List.of(env, output, path, state, summary);
    }

    void create() throws IOException {
        Files.createDirectories(env.getParent());
        for (Path file : all()) {
            Files.write(file, new byte[0]);
        }
    }

    /// A container's user is another one than the agent's.
    void openToAll() throws IOException {
        for (Path file : all()) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        }
    }

    /// Deletes the files, and the script that bears the process's id.
    void delete() throws IOException {
        for (Path file : all()) {
            Files.deleteIfExists(file);
        }
        try (var scripts = Files.newDirectoryStream(temp, id + "*")) {
            for (Path script : scripts) {
                Files.deleteIfExists(script);
            }
        }
    }

    /// Reads what the process wrote; problems are shown in its log.
    Read read(StepOutput log, Masks masks) throws IOException {
        var contents =
                EnvironmentFiles.read(
                        new EnvironmentFiles.Locations(env, output, state, path, summary), masks);
        int number = 0;
        for (EnvironmentFiles.Problem problem : contents.problems()) {
            log.error(id + "/files/" + number, problem.message());
            number++;
        }
        if (!contents.summary().isEmpty()) {
            log.summary(contents.summary());
        }
        return new Read(
                new Effects(contents.env(), contents.paths(), contents.outputs(), contents.state()),
                contents.failStep());
    }
}
