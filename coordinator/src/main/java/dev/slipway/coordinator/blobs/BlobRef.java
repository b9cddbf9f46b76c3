package dev.slipway.coordinator.blobs;

import dev.slipway.coordinator.model.Artifact;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

/// Names content by its digest.
///
/// @param sha256 64 lower-case hexadecimal digits
/// @param size length in bytes
public record BlobRef(String sha256, long size) {
    public BlobRef {
        if (size < 0 || !isDigest(sha256)) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "'%s' (%d bytes) names no blob: a digest is 64 lower-case hexadecimal digits"
                                    .formatted(sha256, size)
                            + " and a size is not negative.");
        }
    }

    public static BlobRef of(Artifact.Content content) {
        return new BlobRef(content.sha256(), content.size());
    }

    Artifact.Content content() {
        return new Artifact.Content(sha256, size);
    }

    /// Whether the text has the form of a digest.
    public static boolean isDigest(String text) {
        if (text.length() != 64) {
            return false;
        }
        for (int i = 0; i < 64; i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return "sha256:%s (%d bytes)".formatted(sha256, size);
    }
}
