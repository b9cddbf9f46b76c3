package dev.slipway.agent.actions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// `actions/checkout`: the run's source into the workspace. A submitted working tree is unpacked as
/// it is; a git source goes through the machine's `git` (see {@link GitCheckout}).
final class Checkout implements BuiltIn {
    @Override
    public Map<String, String> inputs() {
        var inputs = new LinkedHashMap<String, String>();
        inputs.put("repository", "");
        inputs.put("ref", "");
        inputs.put("token", "");
        inputs.put("ssh-key", "");
        inputs.put("ssh-known-hosts", "");
        inputs.put("ssh-strict", "true");
        inputs.put("ssh-user", "git");
        inputs.put("persist-credentials", "true");
        inputs.put("path", "");
        inputs.put("clean", "true");
        inputs.put("filter", "");
        inputs.put("sparse-checkout", "");
        inputs.put("sparse-checkout-cone-mode", "true");
        inputs.put("fetch-depth", "1");
        inputs.put("fetch-tags", "false");
        inputs.put("show-progress", "true");
        inputs.put("lfs", "false");
        inputs.put("submodules", "false");
        inputs.put("set-safe-directory", "true");
        inputs.put("github-server-url", "");
        inputs.put("allow-unsafe-pr-checkout", "false");
        return inputs;
    }

    @Override
    public void main(ActionCall call) throws IOException, InterruptedException {
        Path target = target(call);
        Files.createDirectories(target);
        String repository = call.input("repository");
        boolean own = repository.isEmpty() || repository.equalsIgnoreCase(call.job().project());
        switch (call.job().source()) {
            case ActionCall.Source.Bundle(Storage.Blob blob) when own ->
                    new TreeCheckout(call, target, blob).run();
            case ActionCall.Source.None() when own ->
                    throw new ActionFailure(
                            "The run was submitted without a source, so there is nothing to check"
                                    + " out. Submit it with a working tree or a git URL.");
            case ActionCall.Source.Git(String url) ->
                    new GitCheckout(call, target, own ? url : urlOf(call, repository, url), own)
                            .run();
            case ActionCall.Source.Bundle _, ActionCall.Source.None _ ->
                    new GitCheckout(call, target, urlOf(call, repository, ""), false).run();
        }
    }

    private static Path target(ActionCall call) {
        Path workspace = call.workspace().toAbsolutePath().normalize();
        Path target = workspace.resolve(call.input("path")).normalize();
        if (!target.startsWith(workspace)) {
            throw new ActionFailure(
                    "Repository path '%s' is not under '%s'".formatted(target, workspace));
        }
        return target;
    }

    /// Where another repository is: beside the run's own, or on the server.
    private static String urlOf(ActionCall call, String repository, String own) {
        if (!repository.matches("[^/\\s]+/[^/\\s]+")) {
            throw new ActionFailure(
                    "Invalid repository '%s'. Expected format {owner}/{repo}."
                            .formatted(repository));
        }
        String server = call.input("github-server-url");
        String suffix = "/" + call.job().project();
        String plain = own.endsWith(".git") ? own.substring(0, own.length() - 4) : own;
        if (server.isEmpty() && plain.endsWith(suffix)) {
            String base = plain.substring(0, plain.length() - suffix.length());
            return base + "/" + repository + (own.endsWith(".git") ? ".git" : "");
        }
        return (server.isEmpty() ? call.job().serverUrl() : server) + "/" + repository;
    }

    @Override
    public boolean hasPost() {
        return true;
    }

    @Override
    public void post(ActionCall call) throws IOException, InterruptedException {
        if (call.state("how").equals("git")) {
            GitCheckout.cleanUp(call, Path.of(call.state("path")));
        }
    }
}
