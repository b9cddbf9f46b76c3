package dev.slipway.agent.actions;

import dev.slipway.agent.workspace.Folders;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Checks a commit out of a git repository, as `actions/checkout` does it: a repository that is
/// there already is cleaned and reused, anything else is removed.
final class GitCheckout {
    private static final String HEADER = "http.%s.extraheader";

    private final ActionCall call;
    private final Path target;
    private final String url;
    private final boolean own;
    private final Optional<Path> mirror;
    private final Git git;

    /// What to check out.
    ///
    /// @param fetch what `git fetch` gets as refspec
    /// @param checkout arguments of `git checkout`
    private record Wanted(String fetch, List<String> checkout) {}

    /// @param own whether it is the run's own repository, at the run's commit unless `ref` says
    ///   else
    GitCheckout(ActionCall call, Path target, String url, boolean own) {
        this(call, target, url, own, Optional.empty());
    }

    /// @param mirror a repository on this machine that is read instead of `url`, by the job's steps
    ///   too; pushes still go to `url`
    GitCheckout(ActionCall call, Path target, String url, boolean own, Optional<Path> mirror) {
        this.mirror = mirror;
        this.call = call;
        this.target = target;
        this.url = url;
        this.own = own;
        this.git = git(call, target).with(credentials());
    }

    private static Git git(ActionCall call, Path folder) {
        String owner = call.job().trackingId() + "#" + folder;
        return new Git(folder, call.environment(), owner, call::say, call.threads());
    }

    void run() throws IOException, InterruptedException {
        if (call.recall("begun").isPresent()) {
            git.clearLeftovers();
        }
        call.record("begun", "");
        call.state("how", "git");
        call.state("path", target.toString());
        call.say("Syncing repository: " + url);
        prepare();
        readMirror();
        Wanted wanted = wanted();
        fetch(wanted);
        sparse();
        if (call.flag("lfs")) {
            git.run(List.of("lfs", "install", "--local"));
            git.run(List.of("lfs", "fetch", "origin", wanted.checkout().getLast()));
        }
        var checkout = new ArrayList<>(List.of("checkout", "--progress", "--force"));
        checkout.addAll(wanted.checkout());
        git.run(checkout);
        submodules();
        persistCredentials();
        String commit = git.ask(List.of("log", "-1", "--format=%H")).orElse("");
        call.say("Checked out " + commit);
        call.output("commit", commit);
        call.output("ref", call.input("ref").isEmpty() ? call.job().ref() : call.input("ref"));
    }

    private void prepare() throws IOException, InterruptedException {
        boolean same =
                Files.isDirectory(target.resolve(".git"))
                        && git.ask(List.of("config", "--local", "--get", "remote.origin.url"))
                                .filter(url::equals)
                                .isPresent();
        if (same) {
            Files.deleteIfExists(target.resolve(".git/index.lock"));
            Files.deleteIfExists(target.resolve(".git/shallow.lock"));
            boolean cleaned =
                    !call.flag("clean")
                            || (git.succeeds(List.of("clean", "-ffdx"))
                                    && git.succeeds(List.of("reset", "--hard", "HEAD")));
            if (cleaned) {
                git.run(List.of("checkout", "--quiet", "--detach"));
                return;
            }
        }
        Folders.empty(target);
        git.run(List.of("init", "--quiet", target.toString()));
        git.run(List.of("remote", "add", "origin", url));
        git.run(List.of("config", "--local", "gc.auto", "0"));
    }

    private void readMirror() throws IOException, InterruptedException {
        if (mirror.isEmpty()) {
            return;
        }
        String section = "url." + mirror.get();
        forgetMirrors();
        call.state("mirror", section);
        git.run(List.of("config", "--local", "--replace-all", section + ".insteadOf", url));
        git.run(
                List.of(
                        "config",
                        "--local",
                        "--replace-all",
                        "url." + url + ".pushInsteadOf",
                        url));
    }

    /// A job that was killed may have left the mirror that went with it.
    private void forgetMirrors() throws IOException, InterruptedException {
        String keys =
                git.ask(
                                List.of(
                                        "config",
                                        "--local",
                                        "--name-only",
                                        "--get-regexp",
                                        "^url\\..*/origin\\.git\\.insteadof$"))
                        .orElse("");
        for (String key : keys.lines().distinct().toList()) {
            git.run(List.of("config", "--local", "--unset-all", key));
        }
    }

    /// What `ref` means, or the run's own commit.
    private Wanted wanted() throws IOException, InterruptedException {
        String ref = call.input("ref");
        if (ref.isEmpty() && own) {
            return ofCommit(call.job().sha(), call.job().ref());
        }
        if (ref.matches("[0-9a-fA-F]{40}")) {
            return new Wanted("+" + ref + ":refs/remotes/origin/slipway", List.of("--detach", ref));
        }
        if (ref.isEmpty()) {
            ref = defaultBranch();
        }
        if (ref.startsWith("refs/heads/")) {
            return ofBranch(ref.substring("refs/heads/".length()));
        }
        if (ref.startsWith("refs/tags/")) {
            return new Wanted("+" + ref + ":" + ref, List.of("--detach", ref));
        }
        if (ref.startsWith("refs/")) {
            String local = "refs/remotes/" + ref.substring("refs/".length());
            return new Wanted("+" + ref + ":" + local, List.of("--detach", local));
        }
        if (git.succeeds(List.of("ls-remote", "--exit-code", "origin", "refs/heads/" + ref))) {
            return ofBranch(ref);
        }
        if (git.succeeds(List.of("ls-remote", "--exit-code", "origin", "refs/tags/" + ref))) {
            String tag = "refs/tags/" + ref;
            return new Wanted("+" + tag + ":" + tag, List.of("--detach", tag));
        }
        throw new ActionFailure(
                "A branch or tag with the name '%s' could not be found".formatted(ref));
    }

    private static Wanted ofBranch(String branch) {
        return new Wanted(
                "+refs/heads/" + branch + ":refs/remotes/origin/" + branch,
                List.of("-B", branch, "refs/remotes/origin/" + branch));
    }

    private static Wanted ofCommit(String sha, String ref) {
        if (ref.startsWith("refs/heads/")) {
            String branch = ref.substring("refs/heads/".length());
            return new Wanted(
                    "+" + sha + ":refs/remotes/origin/" + branch,
                    List.of("-B", branch, "refs/remotes/origin/" + branch));
        }
        String local =
                ref.startsWith("refs/pull/")
                        ? "refs/remotes/" + ref.substring("refs/".length())
                        : ref.startsWith("refs/tags/") ? ref : "refs/remotes/origin/slipway";
        return new Wanted("+" + sha + ":" + local, List.of("--detach", sha));
    }

    private String defaultBranch() throws IOException, InterruptedException {
        String head =
                git.ask(List.of("ls-remote", "--symref", "origin", "HEAD"))
                        .orElseThrow(
                                () ->
                                        new ActionFailure(
                                                ("Cannot read from '%s'. Check the address and "
                                                                + "this agent's access to it.")
                                                        .formatted(url)));
        for (String line : head.lines().toList()) {
            if (line.startsWith("ref: ")) {
                return line.substring("ref: ".length(), line.indexOf('\t'));
            }
        }
        throw new ActionFailure("The repository '%s' says no default branch.".formatted(url));
    }

    private void fetch(Wanted wanted) throws IOException, InterruptedException {
        String depth = call.input("fetch-depth");
        boolean whole = depth.equals("0");
        var fetch = new ArrayList<>(List.of("fetch", "--prune", "--no-recurse-submodules"));
        fetch.add(whole || call.flag("fetch-tags") ? "--tags" : "--no-tags");
        String filter = call.input("filter");
        if (!filter.isEmpty()) {
            fetch.add("--filter=" + filter);
        } else if (!call.input("sparse-checkout").isEmpty()) {
            fetch.add("--filter=blob:none");
        }
        if (!whole) {
            fetch.add("--depth=" + depth);
        } else if (Files.exists(target.resolve(".git/shallow"))) {
            fetch.add("--unshallow");
        }
        if (mirror.isPresent()) {
            // Who submitted the run may have had a shallow clone.
            fetch.add("--update-shallow");
        }
        fetch.add("origin");
        if (whole) {
            fetch.add("+refs/heads/*:refs/remotes/origin/*");
            fetch.add("+refs/tags/*:refs/tags/*");
            git.run(fetch);
            // The commit itself may be on no branch any more.
            git.run(List.of("fetch", "--no-tags", "origin", wanted.fetch()));
        } else {
            fetch.add(wanted.fetch());
            git.run(fetch);
        }
    }

    private void sparse() throws IOException, InterruptedException {
        List<String> patterns = call.lines("sparse-checkout");
        if (patterns.isEmpty()) {
            git.succeeds(List.of("sparse-checkout", "disable"));
            return;
        }
        boolean cone = call.flag("sparse-checkout-cone-mode");
        var set = new ArrayList<>(List.of("sparse-checkout", "set", cone ? "--cone" : "--no-cone"));
        set.addAll(patterns);
        git.run(set);
    }

    private void submodules() throws IOException, InterruptedException {
        String wish = call.input("submodules");
        boolean recursive = wish.equalsIgnoreCase("recursive");
        if (!recursive && !wish.equalsIgnoreCase("true")) {
            return;
        }
        var sync = new ArrayList<>(List.of("submodule", "sync"));
        var update = new ArrayList<>(List.of("submodule", "update", "--init", "--force"));
        if (!call.input("fetch-depth").equals("0")) {
            update.add("--depth=" + call.input("fetch-depth"));
        }
        if (recursive) {
            sync.add("--recursive");
            update.add("--recursive");
        }
        git.run(sync);
        git.with(localSubmodules()).run(update);
    }

    /// Submodules of a repository on this machine may be on this machine too.
    private Map<String, String> localSubmodules() {
        return mirror.isPresent() || url.startsWith("/") || url.startsWith("file:")
                ? Map.of("GIT_ALLOW_PROTOCOL", "file:git:http:https:ssh")
                : Map.of();
    }

    /// The `token` input, for a server that speaks HTTP.
    private Map<String, String> credentials() {
        String token = call.input("token");
        if (token.isEmpty() || !url.startsWith("http")) {
            return Map.of();
        }
        return Map.of(
                "GIT_CONFIG_COUNT", "1",
                "GIT_CONFIG_KEY_0", header(),
                "GIT_CONFIG_VALUE_0", authorization(token));
    }

    private String header() {
        int path = url.indexOf('/', url.indexOf("://") + 3);
        return HEADER.formatted(path < 0 ? url + "/" : url.substring(0, path + 1));
    }

    private static String authorization(String token) {
        return "AUTHORIZATION: basic "
                + Base64.getEncoder()
                        .encodeToString(
                                ("x-access-token:" + token).getBytes(StandardCharsets.UTF_8));
    }

    private void persistCredentials() throws IOException, InterruptedException {
        if (!credentials().isEmpty() && call.flag("persist-credentials")) {
            git.run(List.of("config", "--local", header(), authorization(call.input("token"))));
        }
    }

    /// Takes the token and the mirror, which goes with the job, out of the repository's
    /// configuration again.
    static void cleanUp(ActionCall call, Path folder) throws IOException, InterruptedException {
        if (!Files.isDirectory(folder.resolve(".git"))) {
            return;
        }
        var git = git(call, folder);
        String keys =
                git.ask(
                                List.of(
                                        "config",
                                        "--local",
                                        "--name-only",
                                        "--get-regexp",
                                        "^http\\..*\\.extraheader$"))
                        .orElse("");
        for (String key : keys.lines().distinct().toList()) {
            git.run(List.of("config", "--local", "--unset-all", key));
        }
        if (!call.state("mirror").isEmpty()) {
            git.succeeds(List.of("config", "--local", "--remove-section", call.state("mirror")));
        }
    }
}
