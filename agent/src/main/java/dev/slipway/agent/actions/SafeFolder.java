package dev.slipway.agent.actions;

import dev.slipway.agent.workspace.Folders;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/// Writes entries of an archive below a folder, and nowhere else: a path that leaves it, or that
/// goes through a symbolic link, is refused.
final class SafeFolder {
    private final Path root;

    /// @param root made when missing; may itself be reached through links
    SafeFolder(Path root) throws IOException {
        Files.createDirectories(root);
        this.root = root.toRealPath();
    }

    Path root() {
        return root;
    }

    /// Where an entry belongs; its parent folders exist then.
    ///
    /// @throws ActionFailure when it would leave the folder
    Path place(String entry) throws IOException {
        String[] parts = entry.split("/", -1);
        Path at = root;
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i];
            boolean trailing = i == parts.length - 1 && part.isEmpty() && i > 0;
            if (trailing) {
                break;
            }
            if (part.isEmpty() || part.equals("..") || part.indexOf('\0') >= 0) {
                throw escape(entry);
            }
            if (part.equals(".")) {
                continue;
            }
            if (!at.equals(root)) {
                requireFolder(at, entry);
            }
            at = at.resolve(part);
        }
        return at;
    }

    private static void requireFolder(Path folder, String entry) throws IOException {
        if (Files.isSymbolicLink(folder)) {
            throw escape(entry);
        }
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException there) {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                Files.delete(folder);
                Files.createDirectory(folder);
            }
        }
    }

    private static ActionFailure escape(String entry) {
        return new ActionFailure(
                "The entry '%s' would be written outside of its folder; nothing of it was written."
                        .formatted(entry));
    }

    void folder(String entry, int mode) throws IOException {
        Path folder = place(entry);
        if (!folder.equals(root)) {
            requireFolder(folder, entry);
            setMode(folder, mode | 0700);
        }
    }

    void symlink(String entry, String target) throws IOException {
        Path link = place(entry);
        removeFile(link);
        Files.createSymbolicLink(link, Path.of(target));
    }

    /// Removes what stands where a file is about to be written, so that nothing is written through
    /// a link or into a file that is shared by hard links.
    void removeFile(Path file) throws IOException {
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            Folders.delete(file);
        } else {
            Files.deleteIfExists(file);
        }
    }

    static void setMode(Path file, int mode) throws IOException {
        Files.setPosixFilePermissions(file, permissions(mode));
    }

    /// Permission bits as a set.
    static Set<PosixFilePermission> permissions(int mode) {
        var all = PosixFilePermission.values();
        var set = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < all.length; i++) {
            if ((mode & (0400 >> i)) != 0) {
                set.add(all[i]);
            }
        }
        return set;
    }

    /// A set of permissions as bits.
    static int bits(Set<PosixFilePermission> permissions) {
        int mode = 0;
        for (PosixFilePermission permission : permissions) {
            mode |= 0400 >> permission.ordinal();
        }
        return mode;
    }
}
