package dev.slipway.coordinator.blobs;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// Keeps lists of files as blobs.
final class Manifests {
    private final BlobStore blobs;

    Manifests(BlobStore blobs) {
        this.blobs = blobs;
    }

    /// Stores a list whose content is held; all of it is protected until the grace period ends.
    ///
    /// @throws SlipwayException when content that it names is not held
    BlobRef store(Manifest manifest) {
        List<BlobRef> missing = blobs.pin(manifest.blobs().distinct().toList());
        if (!missing.isEmpty()) {
            throw new SlipwayException(
                    ErrorCode.BLOB_NOT_FOUND,
                    "The farm does not hold %s. Upload what FindMissingBlobs names first."
                            .formatted(missing.stream().limit(3).toList()));
        }
        byte[] bytes = manifest.encode();
        BlobRef blob = Sha256.blob(bytes);
        if (!blobs.pin(blob)) {
            try (var upload = blobs.upload(blob, 0)) {
                upload.write(ByteBuffer.wrap(bytes));
                upload.commit();
            } catch (IOException problem) {
                throw failed(blob, problem);
            }
        }
        return blob;
    }

    Manifest load(BlobRef blob) {
        try (var in = blobs.open(blob, 0)) {
            return Manifest.decode(in.readAllBytes());
        } catch (IOException problem) {
            throw failed(blob, problem);
        }
    }

    private static SlipwayException failed(BlobRef blob, IOException problem) {
        return new SlipwayException(
                ErrorCode.STORAGE_FAILED,
                "The list of files %s cannot be kept or read (%s). Check where --blobs says it"
                                .formatted(blob, problem)
                        + " is.",
                problem);
    }
}
