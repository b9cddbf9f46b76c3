package dev.slipway.glob;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/// File patterns as `@actions/glob` reads them: one per line, `#` starts a comment, `!` takes out
/// what earlier lines have matched, `*`, `?`, `[a-z]` stay within a segment, `**` is any number of
/// segments, `~` is the home folder. Names are case-sensitive; hidden ones are like others.
///
/// Immutable; reads the file system each time it is asked.
public final class Glob {
    private static final Comparator<Path> BY_BYTES =
            Comparator.comparing(
                    path -> String.valueOf(path.getFileName()).getBytes(StandardCharsets.UTF_8),
                    Arrays::compareUnsigned);

    /// How files are looked for.
    ///
    /// @param followLinks links to folders are searched like folders; cycles and broken links are
    ///   left out
    /// @param implicitDescendants a pattern that matches a folder matches all that is in it
    /// @param excludeHidden files and folders whose name starts with a point are left out
    public record Options(boolean followLinks, boolean implicitDescendants, boolean excludeHidden) {
        /// What `@actions/glob` does when nothing is said.
        public static final Options DEFAULT = new Options(true, true, false);
    }

    private final List<Pattern> patterns;
    private final Options options;

    private Glob(List<Pattern> patterns, Options options) {
        this.patterns = List.copyOf(patterns);
        this.options = options;
    }

    /// Parses patterns.
    ///
    /// @param lines several patterns, one per line; empty lines and comments are skipped
    /// @param workdir absolute; what relative patterns start from
    /// @param home absolute; what a leading `~` stands for
    /// @throws IllegalArgumentException when a pattern is not valid; the message says why
    public static Glob parse(String lines, Path workdir, Path home, Options options) {
        var patterns = new ArrayList<Pattern>();
        for (String line : lines.split("\n")) {
            String pattern = line.strip();
            if (!pattern.isEmpty() && !pattern.startsWith("#")) {
                patterns.add(Pattern.parse(pattern, workdir, home));
            }
        }
        return new Glob(patterns, options);
    }

    /// Where the search starts: the folder before the first wildcard of each pattern, without those
    /// that are inside another.
    public List<Path> searchPaths() {
        List<Path> all =
                patterns.stream()
                        .filter(pattern -> !pattern.negate())
                        .map(Pattern::searchPath)
                        .distinct()
                        .toList();
        return all.stream()
                .filter(path -> all.stream().noneMatch(o -> !o.equals(path) && path.startsWith(o)))
                .toList();
    }

    /// The folder that all these paths are in; the path itself when there is one.
    ///
    /// @throws IllegalArgumentException when there is none
    public static Path leastCommonAncestor(List<Path> paths) {
        if (paths.isEmpty()) {
            throw new IllegalArgumentException("no paths");
        }
        Path common = paths.getFirst();
        for (Path path : paths) {
            while (!path.startsWith(common)) {
                Path parent = common.getParent();
                if (parent == null) {
                    throw new IllegalArgumentException("no common folder: " + paths);
                }
                common = parent;
            }
        }
        return common;
    }

    /// The folder that the names of an artifact's files are relative to: the common folder of the
    /// search paths, or a single file's own folder.
    public Path rootOf(List<Path> files) {
        List<Path> paths = searchPaths();
        boolean isOneFile =
                paths.size() == 1 && files.size() == 1 && files.getFirst().equals(paths.getFirst());
        Path root = leastCommonAncestor(paths);
        Path parent = root.getParent();
        return isOneFile && parent != null ? parent : root;
    }

    /// All files and folders that match, in the order in which GitHub's tools meet them: pattern by
    /// pattern, depth first, entries sorted by their bytes.
    ///
    /// @throws IOException when a folder cannot be read
    public List<Path> find() throws IOException {
        return new Search(allPatterns()).run(searchPaths());
    }

    /// The files of {@link #find}, without folders; links count as what they point to.
    public List<Path> findFiles() throws IOException {
        return find().stream().filter(path -> !Files.isDirectory(path)).toList();
    }

    /// Whether an absolute path matches, without looking at the file system.
    public boolean matches(Path path) {
        return new Search(allPatterns()).matches(names(path), false);
    }

    private List<Pattern> allPatterns() {
        var all = new ArrayList<Pattern>();
        for (Pattern pattern : patterns) {
            all.add(pattern);
            if (options.implicitDescendants()
                    && (pattern.directoriesOnly() || !pattern.endsWithGlobstar())) {
                all.add(pattern.descendants());
            }
        }
        return all;
    }

    private static List<String> names(Path path) {
        var names = new ArrayList<String>(path.getNameCount());
        path.forEach(name -> names.add(name.toString()));
        return names;
    }

    /// One search.
    private final class Search {
        private final List<Pattern> all;
        private final List<Path> found = new ArrayList<>();

        /// Real paths of the folders above the current one, to notice cycles of links.
        private final Deque<Path> above = new ArrayDeque<>();

        Search(List<Pattern> all) {
            this.all = all;
        }

        List<Path> run(List<Path> starts) throws IOException {
            for (Path start : starts) {
                if (Files.exists(start, LinkOption.NOFOLLOW_LINKS)) {
                    visit(start);
                }
            }
            return List.copyOf(found);
        }

        boolean matches(List<String> names, boolean isDirectory) {
            boolean matches = false;
            for (Pattern pattern : all) {
                if (matches == pattern.negate()
                        && (isDirectory || !pattern.directoriesOnly())
                        && pattern.matches(names)) {
                    matches = !pattern.negate();
                }
            }
            return matches;
        }

        private boolean mayMatchBelow(List<String> names) {
            return all.stream()
                    .anyMatch(pattern -> !pattern.negate() && pattern.mayMatchBelow(names));
        }

        private void visit(Path path) throws IOException {
            List<String> names = names(path);
            boolean isDirectory = isDirectory(path);
            boolean matches = matches(names, isDirectory);
            boolean below = isDirectory && (matches || mayMatchBelow(names));
            if ((!matches && !below) || isLeftOut(path)) {
                return;
            }
            if (!isDirectory) {
                found.add(path);
                return;
            }
            Path real = options.followLinks() ? path.toRealPath() : path;
            if (above.contains(real)) {
                return;
            }
            if (matches) {
                found.add(path);
            }
            above.push(real);
            for (Path child : children(path)) {
                visit(child);
            }
            above.pop();
        }

        private boolean isDirectory(Path path) {
            return options.followLinks()
                    ? Files.isDirectory(path)
                    : Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
        }

        private boolean isLeftOut(Path path) {
            Path name = path.getFileName();
            boolean isHidden = name != null && name.toString().startsWith(".");
            boolean isBroken = options.followLinks() && !Files.exists(path);
            return (isHidden && options.excludeHidden()) || isBroken;
        }

        private List<Path> children(Path directory) throws IOException {
            var children = new ArrayList<Path>();
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
                entries.forEach(children::add);
            } catch (NoSuchFileException e) {
                // Removed meanwhile: like a folder that was never there.
                return List.of();
            }
            children.sort(BY_BYTES);
            return children;
        }
    }
}
