package dev.slipway.glob;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// One line of a glob, as segments from the root of the file system.
///
/// @param negate a match is taken out of the result
/// @param directoriesOnly the pattern ends with a slash
record Pattern(boolean negate, List<Segment> segments, boolean directoriesOnly) {
    Pattern {
        segments = List.copyOf(segments);
    }

    /// Parses a line that is not empty and no comment.
    ///
    /// @param workdir what relative patterns start from
    /// @param home what `~` stands for
    /// @throws IllegalArgumentException for `.` and `..` where they are not allowed
    static Pattern parse(String line, Path workdir, Path home) {
        String text = line.strip();
        boolean negate = false;
        while (text.startsWith("!")) {
            negate = !negate;
            text = text.substring(1).strip();
        }
        if (text.isEmpty()) {
            throw new IllegalArgumentException("A file pattern is missing behind '!'");
        }
        var segments = new ArrayList<Segment>();
        List<String> given = split(text);
        int next = 0;
        if (!text.startsWith("/")) {
            boolean isHome = given.getFirst().equals("~");
            boolean isHere = given.getFirst().equals(".");
            (isHome ? home : workdir)
                    .forEach(name -> segments.add(Segment.literal(name.toString())));
            next = isHome || isHere ? 1 : 0;
        }
        for (String segment : given.subList(next, given.size())) {
            if (segment.equals(".") || segment.equals("..")) {
                throw new IllegalArgumentException(
                        "Invalid pattern '%s'. Relative pathing '.' and '..' is not allowed."
                                .formatted(text));
            }
            segments.add(Segment.parse(segment));
        }
        return new Pattern(negate, segments, text.endsWith("/"));
    }

    private static List<String> split(String text) {
        var segments = new ArrayList<String>();
        for (String segment : text.split("/")) {
            if (!segment.isEmpty()) {
                segments.add(segment);
            }
        }
        if (segments.isEmpty()) {
            return text.startsWith("/") ? List.of() : List.of(text);
        }
        return segments;
    }

    boolean endsWithGlobstar() {
        return !segments.isEmpty() && segments.getLast().globstar();
    }

    /// The pattern of everything below what this one matches.
    Pattern descendants() {
        var below = new ArrayList<>(segments);
        below.add(Segment.GLOBSTAR);
        return new Pattern(negate, below, false);
    }

    /// The folder before the first segment that is not literal.
    Path searchPath() {
        Path path = Path.of("/");
        for (Segment segment : segments) {
            if (!segment.isLiteral()) {
                break;
            }
            path = path.resolve(segment.literalName());
        }
        return path;
    }

    /// Whether an absolute path, as its names, matches.
    boolean matches(List<String> names) {
        int at = 0;
        int segment = 0;
        int star = -1;
        int starAt = 0;
        // As in one segment: only the last globstar need be tried again.
        while (at < names.size()) {
            if (segment < segments.size() && segments.get(segment).globstar()) {
                star = segment++;
                starAt = at;
            } else if (segment < segments.size() && segments.get(segment).matches(names.get(at))) {
                segment++;
                at++;
            } else if (star >= 0) {
                segment = star + 1;
                at = ++starAt;
            } else {
                return false;
            }
        }
        while (segment < segments.size() && segments.get(segment).globstar()) {
            segment++;
        }
        return segment == segments.size();
    }

    /// Whether something below this path could match.
    boolean mayMatchBelow(List<String> names) {
        for (int i = 0; i < names.size(); i++) {
            if (i >= segments.size()) {
                return false;
            }
            if (segments.get(i).globstar()) {
                return true;
            }
            if (!segments.get(i).matches(names.get(i))) {
                return false;
            }
        }
        return true;
    }
}
