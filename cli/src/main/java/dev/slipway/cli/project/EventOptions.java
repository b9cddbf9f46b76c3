package dev.slipway.cli.project;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which event a command pretends has happened.
public final class EventOptions {
    @Option(
            names = "--event",
            paramLabel = "NAME",
            defaultValue = "push",
            description = "The event that happened, e.g. pull_request (default: push).")
    private String event = "push";

    @Option(
            names = "--event-file",
            paramLabel = "FILE",
            description = "The event's payload, a JSON object as GitHub sends it.")
    private @Nullable Path eventFile;

    @Option(
            names = "--ref",
            paramLabel = "REF",
            description =
                    "The branch or tag that it happened on, or a full refs/… (default: what is"
                            + " checked out).")
    private @Nullable String ref;

    @Option(
            names = "--input",
            paramLabel = "NAME=VALUE",
            description = "An input of workflow_dispatch; may be repeated.")
    private Map<String, String> inputs = new LinkedHashMap<>();

    @Option(
            names = "--changed-file",
            paramLabel = "PATH",
            description =
                    "A path that the event changed; may be repeated (default: what git says).")
    private @Nullable List<String> changedFiles;

    String event() {
        return event;
    }

    @Nullable Path eventFile() {
        return eventFile;
    }

    @Nullable String ref() {
        return ref;
    }

    Map<String, String> inputs() {
        return inputs;
    }

    @Nullable List<String> changedFiles() {
        return changedFiles;
    }
}
