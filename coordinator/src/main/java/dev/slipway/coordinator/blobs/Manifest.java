package dev.slipway.coordinator.blobs;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// A list of files in its one canonical form: sorted by path, checked. It is itself kept as a blob,
/// and its digest is the artifact's digest.
public record Manifest(List<StoredFile> files) {
    private static final int VERSION = 1;
    private static final int PIECES = 0;
    private static final int SYMLINK = 1;
    private static final int FOLDER = 2;

    public Manifest {
        files = List.copyOf(files);
    }

    /// Sorts and checks.
    ///
    /// @param symlinks whether symbolic links may be among the files
    /// @throws SlipwayException when a path could leave its folder or appears twice
    public static Manifest of(List<StoredFile> files, boolean symlinks) {
        var paths = new HashSet<String>();
        for (StoredFile file : files) {
            checkPath(file.path());
            if (!paths.add(file.path())) {
                throw refused("the path '%s' appears twice".formatted(file.path()));
            }
            if (!symlinks && file.content() instanceof StoredFile.Content.Symlink) {
                throw refused("'%s' is a symbolic link".formatted(file.path()));
            }
        }
        return new Manifest(files.stream().sorted(Comparator.comparing(StoredFile::path)).toList());
    }

    private static void checkPath(String path) {
        boolean bad =
                path.isEmpty()
                        || path.startsWith("/")
                        || path.indexOf('\0') >= 0
                        || path.indexOf('\\') >= 0;
        for (String part : path.split("/", -1)) {
            bad |= part.isEmpty() || part.equals(".") || part.equals("..");
        }
        if (bad) {
            throw refused("the path '%s' is not a relative path within a folder".formatted(path));
        }
    }

    private static SlipwayException refused(String why) {
        return new SlipwayException(
                ErrorCode.INVALID_ARGUMENT, "The list of files is refused: %s.".formatted(why));
    }

    /// All content that the files are made of.
    public Stream<BlobRef> blobs() {
        return files.stream()
                .flatMap(
                        file ->
                                file.content() instanceof StoredFile.Content.Pieces pieces
                                        ? pieces.blobs().stream()
                                        : Stream.empty());
    }

    public long size() {
        return files.stream().mapToLong(StoredFile::size).sum();
    }

    byte[] encode() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeInt(files.size());
            for (StoredFile file : files) {
                write(out, file);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, StoredFile file) throws IOException {
        write(out, file.path());
        out.writeInt(file.mode());
        out.writeLong(file.modifiedAtMs());
        switch (file.content()) {
            case StoredFile.Content.Pieces(List<BlobRef> blobs) -> {
                out.writeByte(PIECES);
                out.writeInt(blobs.size());
                for (BlobRef blob : blobs) {
                    out.write(HexFormat.of().parseHex(blob.sha256()));
                    out.writeLong(blob.size());
                }
            }
            case StoredFile.Content.Symlink(String target) -> {
                out.writeByte(SYMLINK);
                write(out, target);
            }
            case StoredFile.Content.Folder() -> out.writeByte(FOLDER);
        }
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /// @throws IOException when the bytes are no list of files
    static Manifest decode(byte[] bytes) throws IOException {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readByte();
            if (version != VERSION) {
                throw new IOException("the list of files has version " + version);
            }
            int count = in.readInt();
            var files = new ArrayList<StoredFile>();
            for (int i = 0; i < count; i++) {
                files.add(readFile(in));
            }
            return new Manifest(files);
        }
    }

    private static StoredFile readFile(DataInputStream in) throws IOException {
        String path = readText(in);
        int mode = in.readInt();
        long modified = in.readLong();
        int kind = in.readByte();
        StoredFile.Content content =
                switch (kind) {
                    case PIECES -> readPieces(in);
                    case SYMLINK -> new StoredFile.Content.Symlink(readText(in));
                    case FOLDER -> new StoredFile.Content.Folder();
                    default -> throw new IOException("unknown kind of file: " + kind);
                };
        return new StoredFile(path, mode, content, modified);
    }

    private static StoredFile.Content readPieces(DataInputStream in) throws IOException {
        int count = in.readInt();
        var blobs = new ArrayList<BlobRef>();
        for (int i = 0; i < count; i++) {
            String digest = HexFormat.of().formatHex(in.readNBytes(32));
            blobs.add(new BlobRef(digest, in.readLong()));
        }
        return new StoredFile.Content.Pieces(blobs);
    }

    private static String readText(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }
}
