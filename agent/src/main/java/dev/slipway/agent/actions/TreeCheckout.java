package dev.slipway.agent.actions;

import dev.slipway.agent.workspace.Folders;
import dev.slipway.wire.SourceLayout;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Checks a submitted working tree out.
///
/// With the history that came along, the workspace becomes what `actions/checkout` makes of it: a
/// repository at the run's commit, in which what was not committed is a change. Another `ref` is
/// that ref as it was committed. Without a history there are only the files.
final class TreeCheckout {
    private final ActionCall call;
    private final Path target;
    private final Storage.Blob blob;
    private final Path scratch;
    private final Path tree;

    TreeCheckout(ActionCall call, Path target, Storage.Blob blob) {
        this.call = call;
        this.target = target;
        this.blob = blob;
        scratch = call.scratch();
        tree = scratch.resolve("tree");
    }

    void run() throws IOException, InterruptedException {
        call.say("Unpacking the submitted working tree (%d bytes)".formatted(blob.size()));
        Folders.delete(tree);
        Files.createDirectories(tree);
        SourceTree.unpack(blob, tree, scratch.resolve("source.tar.zst"), call.storage());
        Path history = tree.resolve(SourceLayout.HISTORY);
        if (Files.isDirectory(history)) {
            checkOut(history);
        } else {
            filesOnly();
        }
        Folders.delete(tree);
    }

    private void filesOnly() throws IOException {
        if (!call.input("ref").isEmpty() && !call.input("ref").equals(call.job().sha())) {
            throw new ActionFailure(
                    "The run was submitted with a working tree without its history, which has no"
                        + " other 'ref' than its own. Remove the input, or submit the run from the"
                        + " top folder of a git repository.");
        }
        if (call.flag("clean")) {
            Folders.empty(target);
        }
        moveInto(tree, target);
        call.output("ref", call.job().ref());
        call.output("commit", call.job().sha());
        call.state("how", "bundle");
    }

    private void checkOut(Path history) throws IOException, InterruptedException {
        Path mirror = scratch.resolve("origin.git");
        Folders.delete(mirror);
        Files.move(history, mirror);
        Folders.delete(tree.resolve(".git"));
        Git origin = git(mirror);
        origin.run(List.of("init", "--quiet", "--bare", mirror.toString()));
        origin.run(List.of("config", "uploadpack.allowAnySHA1InWant", "true"));
        origin.run(List.of("config", "uploadpack.allowFilter", "true"));
        String url = call.job().serverUrl() + "/" + call.job().project();
        new GitCheckout(call, target, url, true, Optional.of(mirror)).run();
        Git git = git(target);
        if (git.ask(List.of("rev-parse", "HEAD")).filter(call.job().sha()::equals).isPresent()) {
            layOver(git);
        }
    }

    private Git git(Path folder) {
        String owner = call.job().trackingId() + "#" + folder;
        return new Git(folder, call.environment(), owner, line -> {}, call.threads());
    }

    /// Makes the tracked files what they were when the tree was submitted.
    private void layOver(Git git) throws IOException, InterruptedException {
        for (String line : git.items(List.of("ls-files", "--stage", "-z"))) {
            boolean submodule = line.startsWith("160000 ");
            String path = line.substring(line.indexOf('\t') + 1);
            if (submodule) {
                Folders.delete(tree.resolve(path));
            } else if (!Files.exists(tree.resolve(path), LinkOption.NOFOLLOW_LINKS)) {
                Files.deleteIfExists(target.resolve(path));
            }
        }
        moveInto(tree, target);
        if (!call.lines("sparse-checkout").isEmpty()) {
            git.succeeds(List.of("sparse-checkout", "reapply"));
        }
        git.succeeds(List.of("update-index", "-q", "--refresh"));
    }

    /// Moves what is in one folder over what is in another.
    private static void moveInto(Path from, Path to) throws IOException {
        var safe = new SafeFolder(to);
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(from)) {
            all.forEach(children::add);
        }
        for (Path child : children) {
            Path place = to.resolve(child.getFileName());
            if (!Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                safe.removeFile(place);
                Files.move(child, place);
            } else if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
                moveInto(child, place);
            } else {
                Files.deleteIfExists(place);
                Files.move(child, place);
            }
        }
    }
}
