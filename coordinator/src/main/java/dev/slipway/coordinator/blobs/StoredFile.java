package dev.slipway.coordinator.blobs;

import java.util.List;

/// One file of an artifact or a cache.
///
/// @param path relative, `/` as separator, no `..`
/// @param mode Unix permission bits
/// @param modifiedAtMs milliseconds since 1970; 0 when not known
public record StoredFile(String path, int mode, Content content, long modifiedAtMs) {

    /// What a file is.
    public sealed interface Content {
        /// Pieces in order.
        record Pieces(List<BlobRef> blobs) implements Content {
            public Pieces {
                blobs = List.copyOf(blobs);
            }
        }

        /// A symbolic link (caches only).
        record Symlink(String target) implements Content {}

        /// A folder (only when it is empty).
        record Folder() implements Content {}
    }

    /// Bytes of content.
    public long size() {
        return content instanceof Content.Pieces pieces
                ? pieces.blobs().stream().mapToLong(BlobRef::size).sum()
                : 0;
    }
}
