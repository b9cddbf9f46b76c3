package dev.slipway.agent.actions;

import dev.slipway.agent.actions.Storage.StoredFile;
import dev.slipway.glob.Glob;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Which files a cache is made of, and how their places are written down: `w/…` below the
/// workspace, `h/…` below the home folder, `a/…` anywhere else. What is restored stays below the
/// folders that the step's own `path` names.
final class CachePaths {
    private static final String FORMAT = "slipway-1";

    private final Path workspace;
    private final Path home;
    private final List<String> patterns;
    private final Glob glob;

    CachePaths(ActionCall call) {
        this.workspace = call.workspace();
        this.home = HomeFolder.of(call.environment());
        this.patterns = call.lines("path");
        if (patterns.isEmpty()) {
            throw new ActionFailure("Input required and not supplied: path");
        }
        try {
            this.glob =
                    Glob.parse(
                            String.join("\n", patterns),
                            workspace,
                            home,
                            new Glob.Options(true, false, false));
        } catch (IllegalArgumentException invalid) {
            throw new ActionFailure("Invalid path: " + invalid.getMessage(), invalid);
        }
    }

    /// Tells caches of other paths apart.
    String version() {
        String text = String.join("|", patterns) + "|" + FORMAT;
        return HexFormat.of()
                .formatHex(Blobs.sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// Everything that the patterns match, folders with all in them; links stay links.
    Map<String, Path> collect() throws IOException {
        Map<String, Path> entries = new TreeMap<>();
        for (Path match : glob.find()) {
            try (var tree = Files.walk(match)) {
                for (Path file : (Iterable<Path>) tree::iterator) {
                    if (!isFilledFolder(file)) {
                        entries.put(nameOf(file), file);
                    }
                }
            }
        }
        return entries;
    }

    private static boolean isFilledFolder(Path file) throws IOException {
        if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (var inside = Files.newDirectoryStream(file)) {
            return inside.iterator().hasNext();
        }
    }

    private String nameOf(Path file) {
        if (file.startsWith(workspace)) {
            return "w/" + workspace.relativize(file);
        }
        return file.startsWith(home)
                ? "h/" + home.relativize(file)
                : "a/" + Path.of("/").relativize(file);
    }

    /// Where the files of a cache go.
    ///
    /// @throws ActionFailure when one would lie outside of what `path` names
    Map<StoredFile, FileStore.Target> places(List<StoredFile> files) throws IOException {
        Map<Path, SafeFolder> folders = new LinkedHashMap<>();
        var places = new LinkedHashMap<StoredFile, FileStore.Target>();
        for (StoredFile file : files) {
            Path root = rootOf(file);
            String inside = file.path().substring(2);
            Path place = root.resolve(inside).normalize();
            if (glob.searchPaths().stream().noneMatch(place::startsWith)) {
                throw new ActionFailure(
                        ("The cache holds '%s', which is outside of what 'path' names. Nothing was "
                                        + "restored.")
                                .formatted(place));
            }
            SafeFolder folder = folders.get(root);
            if (folder == null) {
                folder = new SafeFolder(root);
                folders.put(root, folder);
            }
            places.put(file, new FileStore.Target(folder, inside));
        }
        return places;
    }

    private Path rootOf(StoredFile file) {
        if (file.path().startsWith("w/")) {
            return workspace;
        }
        if (file.path().startsWith("h/")) {
            return home;
        }
        if (file.path().startsWith("a/")) {
            return Path.of("/");
        }
        throw new ActionFailure(
                "The cache holds '%s', which this version of Slipway cannot place."
                        .formatted(file.path()));
    }
}
