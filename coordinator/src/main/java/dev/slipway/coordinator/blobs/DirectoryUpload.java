package dev.slipway.coordinator.blobs;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// One upload into a {@link DirectoryBlobStore}: appends to a file and digests as it goes; resuming
/// digests again what is already there.
final class DirectoryUpload implements BlobStore.Upload {
    private final DirectoryBlobStore store;
    private final BlobRef blob;
    private final Path file;
    private final boolean first;
    private final FileChannel channel;
    private final MessageDigest digest = sha256();
    private long length;
    private boolean closed;

    DirectoryUpload(DirectoryBlobStore store, BlobRef blob, Path file, long offset, boolean first)
            throws IOException {
        this.store = store;
        this.blob = blob;
        this.file = file;
        this.first = first;
        this.channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        try {
            if (offset > channel.size() || offset < 0) {
                throw new SlipwayException(
                        ErrorCode.INVALID_ARGUMENT,
                        "The upload of blob %s cannot go on from %d: %d bytes are held. Ask again"
                                        .formatted(blob, offset, channel.size())
                                + " with FindMissingBlobs where to go on.");
            }
            channel.truncate(offset);
            digestHeldBytes(offset);
        } catch (IOException | RuntimeException problem) {
            channel.close();
            throw problem;
        }
    }

    private void digestHeldBytes(long offset) throws IOException {
        var buffer = ByteBuffer.allocate(1 << 16);
        channel.position(0);
        while (length < offset) {
            int read = channel.read(buffer);
            if (read < 0) {
                throw new IOException("the partial upload %s got shorter".formatted(file));
            }
            length += read;
            digest.update(buffer.flip());
            buffer.clear();
        }
    }

    @Override
    public void write(ByteBuffer data) throws IOException {
        if (length + data.remaining() > blob.size()) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "More bytes were sent than blob %s has.".formatted(blob));
        }
        digest.update(data.duplicate());
        try {
            while (data.hasRemaining()) {
                length += channel.write(data);
            }
        } catch (IOException problem) {
            throw failed(problem);
        }
    }

    @Override
    public void commit() throws IOException {
        if (length < blob.size()) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "Only %d bytes of blob %s were sent; go on from there."
                            .formatted(length, blob));
        }
        String actual = HexFormat.of().formatHex(digest.digest());
        if (!actual.equals(blob.sha256())) {
            close();
            Files.deleteIfExists(file);
            throw new SlipwayException(
                    ErrorCode.DIGEST_MISMATCH,
                    "The uploaded bytes have digest %s, not that of blob %s. Upload it again."
                            .formatted(actual, blob));
        }
        try {
            channel.force(true);
            store.publish(blob, file);
        } catch (IOException problem) {
            throw failed(problem);
        }
        close();
    }

    /// Nothing of it counts; what was written is gone on from when the disk has room again.
    private SlipwayException failed(IOException problem) {
        return new SlipwayException(
                ErrorCode.STORAGE_FAILED,
                "The upload into %s failed (%s). The farm's operator must free space there or see to"
                                .formatted(file, problem.getMessage())
                        + " the disk; then upload it again.",
                problem);
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        channel.close();
        if (!first) {
            Files.deleteIfExists(file);
        }
        store.uploadEnded(blob, first);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
