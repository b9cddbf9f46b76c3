package dev.slipway.cli.project;

import dev.slipway.cli.client.Submission;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.expression.Json;
import dev.slipway.expression.Value;
import dev.slipway.planning.EventFacts;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The event of a local command: as GitHub would tell it, had the project's working tree been
/// pushed.
///
/// @param facts what triggers look at
/// @param defaultBranch without refs/heads/
/// @param actor who typed the command
public record Happening(EventFacts facts, String defaultBranch, String actor) {
    private static final String NO_COMMIT = "0".repeat(40);

    /// Puts together what the options say and what the project knows.
    ///
    /// @param sha the commit, or the tree's hash
    public static Happening of(Project project, EventOptions options, String sha, String actor)
            throws IOException, InterruptedException {
        Value given = payload(options.eventFile());
        String event = options.event();
        String defaultBranch = project.git().map(GitFacts::defaultBranch).orElse("main");
        boolean pullRequest = event.startsWith("pull_request");
        String current = project.git().map(GitFacts::ref).orElse("refs/heads/main");
        String base = pullRequest ? base(given, options, defaultBranch) : "";
        String head = pullRequest ? head(given, current) : "";
        String ref = ref(project, options, given, pullRequest, current);
        GitFacts.Changes changes = changes(project, pullRequest, base, event);
        @Nullable List<String> named = options.changedFiles();
        var payload = new EventPayload(project, defaultBranch, actor, ref, sha);
        Value json =
                given == Value.NULL
                        ? payload.of(event, changes.before(), base, head, options.inputs())
                        : given;
        Optional<List<String>> changed =
                named != null
                        ? Optional.of(named)
                        : changes.before().isEmpty()
                                ? Optional.empty()
                                : Optional.of(changes.paths());
        var facts = new EventFacts(event, ref, sha, base, head, changed, json, options.inputs());
        return new Happening(facts, defaultBranch, actor);
    }

    private static Value payload(@Nullable Path file) throws IOException {
        if (file == null) {
            return Value.NULL;
        }
        Value value;
        try {
            value = Json.parse(Files.readString(file));
        } catch (IllegalArgumentException notJson) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "--event-file '" + file + "' is not JSON: " + notJson.getMessage(),
                    notJson);
        }
        if (!(value instanceof Value.ObjectValue)) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "--event-file '" + file + "' must hold a JSON object, as GitHub's webhooks do");
        }
        return value;
    }

    private static String base(Value given, EventOptions options, String defaultBranch) {
        String said = given.get("pull_request").get("base").get("ref").text();
        @Nullable String ref = options.ref();
        if (ref != null && !ref.startsWith("refs/pull/")) {
            return shortName(ref);
        }
        return said.isEmpty() ? defaultBranch : said;
    }

    private static String head(Value given, String current) {
        String said = given.get("pull_request").get("head").get("ref").text();
        return said.isEmpty() ? shortName(current) : said;
    }

    private static String shortName(String ref) {
        return ref.replaceFirst("^refs/(heads|tags)/", "");
    }

    private static String ref(
            Project project, EventOptions options, Value given, boolean pullRequest, String current)
            throws InterruptedException {
        @Nullable String named = options.ref();
        if (pullRequest) {
            if (named != null && named.startsWith("refs/pull/")) {
                return named;
            }
            String number = given.get("number").text();
            return "refs/pull/" + (number.isEmpty() ? "1" : number) + "/merge";
        }
        if (named != null) {
            return project.git().isPresent()
                    ? GitFacts.fullRef(project.root(), named)
                    : named.startsWith("refs/") ? named : "refs/heads/" + named;
        }
        String said = given.get("ref").text();
        return said.startsWith("refs/") ? said : current;
    }

    /// Only pushes and pull requests have changed paths; `before` is empty when they are unknown.
    private static GitFacts.Changes changes(
            Project project, boolean pullRequest, String base, String event)
            throws InterruptedException {
        if (project.git().isPresent() && project.git().get().sha() != null) {
            GitFacts git = project.git().get();
            if (pullRequest) {
                return git.pullRequestChanges(project.root(), base);
            }
            if (event.equals("push")) {
                return git.pushChanges(project.root());
            }
        }
        return new GitFacts.Changes("", List.of());
    }

    /// For the farm.
    public Submission.Event forSubmission() {
        return new Submission.Event(
                facts.event(),
                Json.compact(facts.payload()),
                facts.ref(),
                facts.sha(),
                facts.baseRef(),
                facts.headRef(),
                defaultBranch,
                actor,
                facts.changedFiles().orElse(null));
    }

    static String commitOrNone(String before) {
        return before.isEmpty() ? NO_COMMIT : before;
    }

    /// The inputs as given.
    public Map<String, String> inputs() {
        return facts.inputs();
    }
}
