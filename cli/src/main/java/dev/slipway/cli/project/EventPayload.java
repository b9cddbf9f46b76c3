package dev.slipway.cli.project;

import dev.slipway.expression.Value;
import dev.slipway.planning.GithubContext;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The JSON that GitHub would send for an event, as far as workflows and actions read it.
///
/// Fields follow GitHub's webhook documentation; those that a local farm cannot know (ids, urls of
/// other services) hold plausible constants, so that an action that insists on one still runs.
final class EventPayload {
    private static final String SERVER = "https://github.com/";

    private final Project project;
    private final String defaultBranch;
    private final String actor;
    private final String ref;
    private final String sha;

    EventPayload(Project project, String defaultBranch, String actor, String ref, String sha) {
        this.project = project;
        this.defaultBranch = defaultBranch;
        this.actor = actor;
        this.ref = ref;
        this.sha = sha;
    }

    /// @param before what a push came after; empty when unknown
    /// @param base the branch that a pull request goes into; else empty
    /// @param head the branch that it comes from; else empty
    Value of(String event, String before, String base, String head, Map<String, String> inputs) {
        var fields = new LinkedHashMap<String, Value>();
        switch (event) {
            case "push" -> push(fields, before);
            case "pull_request", "pull_request_target" -> pullRequest(fields, base, head);
            case "workflow_dispatch" -> {
                fields.put("ref", Value.of(ref));
                fields.put("inputs", inputs.isEmpty() ? Value.NULL : texts(inputs));
            }
            default -> fields.put("ref", Value.of(ref));
        }
        fields.put("repository", repository());
        fields.put("sender", user(actor));
        return Value.object(fields);
    }

    private void push(Map<String, Value> fields, String before) {
        fields.put("ref", Value.of(ref));
        fields.put("before", Value.of(Happening.commitOrNone(before)));
        fields.put("after", Value.of(sha));
        fields.put("base_ref", Value.NULL);
        fields.put("created", Value.of(false));
        fields.put("deleted", Value.of(false));
        fields.put("forced", Value.of(false));
        fields.put("compare", Value.of(SERVER + fullName() + "/commit/" + sha));
        Value commit = commit();
        fields.put("commits", Value.array(List.of(commit)));
        fields.put("head_commit", commit);
        fields.put(
                "pusher", object("name", Value.of(actor), "email", Value.of(actor + "@localhost")));
    }

    private Value commit() {
        GitFacts.Commit commit =
                project.git()
                        .map(GitFacts::commit)
                        .orElse(new GitFacts.Commit("", actor, actor + "@localhost", ""));
        Value author =
                object(
                        "name", Value.of(commit.author()),
                        "email", Value.of(commit.email()),
                        "username", Value.of(actor));
        return object(
                "id", Value.of(sha),
                "tree_id", Value.of(sha),
                "distinct", Value.of(true),
                "message", Value.of(commit.message()),
                "timestamp", commit.time().isEmpty() ? Value.NULL : Value.of(commit.time()),
                "url", Value.of(SERVER + fullName() + "/commit/" + sha),
                "author", author,
                "committer", author);
    }

    private void pullRequest(Map<String, Value> fields, String base, String head) {
        double number = number();
        String title = commitTitle();
        fields.put("action", Value.of("synchronize"));
        fields.put("number", Value.of(number));
        fields.put(
                "pull_request",
                object(
                        "number", Value.of(number),
                        "state", Value.of("open"),
                        "title", Value.of(title),
                        "body", Value.of(""),
                        "draft", Value.of(false),
                        "merged", Value.of(false),
                        "labels", Value.array(List.of()),
                        "user", user(actor),
                        "html_url", Value.of(SERVER + fullName() + "/pull/" + (long) number),
                        "head", side(head, sha),
                        "base", side(base, sha)));
    }

    /// The number in `refs/pull/N/merge`; 1 when the ref says nothing.
    private double number() {
        String[] parts = ref.split("/");
        return parts.length > 2 && parts[1].equals("pull") && parts[2].matches("[0-9]{1,9}")
                ? Integer.parseInt(parts[2])
                : 1;
    }

    private String commitTitle() {
        return project.git()
                .map(git -> git.commit().message().lines().findFirst().orElse(""))
                .orElse("");
    }

    private Value side(String branch, String commit) {
        return object(
                "ref", Value.of(branch),
                "sha", Value.of(commit),
                "label", Value.of(owner() + ":" + branch),
                "user", user(owner()),
                "repo", repository());
    }

    private Value repository() {
        String name = fullName();
        String url = SERVER + name;
        return object(
                "id", Value.of(1),
                "name", Value.of(name.substring(name.indexOf('/') + 1)),
                "full_name", Value.of(name),
                "private", Value.of(false),
                "fork", Value.of(false),
                "owner", user(owner()),
                "html_url", Value.of(url),
                "url", Value.of(url),
                "clone_url", Value.of(url + ".git"),
                "ssh_url", Value.of("git@github.com:" + name + ".git"),
                "default_branch", Value.of(defaultBranch),
                "master_branch", Value.of(defaultBranch));
    }

    /// What `github.repository` says.
    private String fullName() {
        return GithubContext.repository(project.name());
    }

    private String owner() {
        return fullName().substring(0, fullName().indexOf('/'));
    }

    private static Value user(String login) {
        return object(
                "login", Value.of(login),
                "name", Value.of(login),
                "id", Value.of(1),
                "type", Value.of("User"));
    }

    private static Value texts(Map<String, String> texts) {
        var values = new LinkedHashMap<String, Value>();
        texts.forEach((name, text) -> values.put(name, Value.of(text)));
        return Value.object(values);
    }

    /// An object of keys and values in turn.
    private static Value object(Object... keysAndValues) {
        var fields = new LinkedHashMap<String, Value>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            fields.put((String) keysAndValues[i], (Value) keysAndValues[i + 1]);
        }
        return Value.object(fields);
    }
}
