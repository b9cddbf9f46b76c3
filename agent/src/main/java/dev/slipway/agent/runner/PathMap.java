package dev.slipway.agent.runner;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// Which folders of the machine a container sees, and under which paths.
final class PathMap {
    /// On the machine itself nothing changes.
    static final PathMap NONE = new PathMap(List.of());

    /// Longest path of the machine first, so that the innermost folder counts.
    private final List<Folder> folders;

    private record Folder(String host, String container) {}

    private PathMap(List<Folder> folders) {
        this.folders = folders;
    }

    static PathMap of(Map<Path, String> folders) {
        var list = new ArrayList<Folder>();
        folders.forEach((host, container) -> list.add(new Folder(host.toString(), container)));
        list.sort(Comparator.comparingInt((Folder folder) -> -folder.host().length()));
        return new PathMap(list);
    }

    /// A path of the machine as the container sees it; any other text stays as it is.
    String toContainer(String text) {
        for (Folder folder : folders) {
            if (isBelow(text, folder.host())) {
                return folder.container() + text.substring(folder.host().length());
            }
        }
        return text;
    }

    /// A path of the container as the machine sees it; any other text stays as it is.
    String toHost(String text) {
        Folder best = null;
        for (Folder folder : folders) {
            if (isBelow(text, folder.container())
                    && (best == null || folder.container().length() > best.container().length())) {
                best = folder;
            }
        }
        return best == null ? text : best.host() + text.substring(best.container().length());
    }

    /// The same for each line of a text, also after a `!`.
    String linesToHost(String text) {
        if (folders.isEmpty() || text.indexOf('/') < 0) {
            return text;
        }
        var lines = new ArrayList<String>();
        for (String line : text.split("\n", -1)) {
            lines.add(line.startsWith("!") ? "!" + toHost(line.substring(1)) : toHost(line));
        }
        return String.join("\n", lines);
    }

    private static boolean isBelow(String text, String folder) {
        return text.startsWith(folder)
                && (text.length() == folder.length() || text.charAt(folder.length()) == '/');
    }

    /// Where each folder is mounted, as the engine's binds write it.
    List<String> binds() {
        return folders.stream().map(folder -> folder.host() + ":" + folder.container()).toList();
    }
}
