package dev.slipway.coordinator.blobs;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/// Content on its way into a {@link DirectoryMedium}: a file that only this process writes. What
/// another process has staged is copied: that one may still have its file open.
final class DirectoryStaging implements Medium.Staging {
    private static final int BUFFER = 1 << 18;

    private final DirectoryMedium medium;
    private final BlobRef blob;
    private final Path file;
    private final FileChannel channel;
    private boolean closed;

    /// Begins.
    DirectoryStaging(DirectoryMedium medium, BlobRef blob, Path file) throws IOException {
        this.medium = medium;
        this.blob = blob;
        this.file = file;
        medium.begun(file);
        this.channel = openOrEnd();
    }

    /// Goes on.
    ///
    /// @param before where the staged bytes are; `file` itself when they are this process' own
    DirectoryStaging(
            DirectoryMedium medium,
            BlobRef blob,
            Path file,
            Path before,
            long offset,
            Consumer<ByteBuffer> held)
            throws IOException {
        this(medium, blob, file);
        try (var source = FileChannel.open(before)) {
            boolean copy = !before.equals(file);
            channel.truncate(copy ? 0 : offset);
            take(source, offset, copy, held);
            channel.position(offset);
        } catch (IOException | RuntimeException problem) {
            close();
            throw problem;
        }
    }

    private FileChannel openOrEnd() throws IOException {
        try {
            return FileChannel.open(
                    file,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
        } catch (IOException problem) {
            medium.ended(file);
            throw problem;
        }
    }

    private void take(FileChannel source, long offset, boolean copy, Consumer<ByteBuffer> held)
            throws IOException {
        var buffer = ByteBuffer.allocate(BUFFER);
        long length = 0;
        while (length < offset) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), offset - length));
            int read = source.read(buffer, length);
            if (read < 0) {
                throw tooFew(blob, offset);
            }
            length += read;
            buffer.flip();
            held.accept(buffer.duplicate());
            while (copy && buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }
    }

    static SlipwayException tooFew(BlobRef blob, long offset) {
        return new SlipwayException(
                ErrorCode.INVALID_ARGUMENT,
                "The upload of blob %s cannot go on from %d: fewer bytes are held. Ask again with"
                                .formatted(blob, offset)
                        + " FindMissingBlobs where to go on.");
    }

    @Override
    public void write(ByteBuffer data) throws IOException {
        while (data.hasRemaining()) {
            channel.write(data);
        }
    }

    @Override
    public void publish(String name) throws IOException {
        channel.force(true);
        medium.publish(file, name);
        close();
        medium.removePartials(blob);
    }

    @Override
    public void discard() throws IOException {
        close();
        Files.deleteIfExists(file);
        medium.removePartials(blob);
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            medium.ended(file);
            channel.close();
        }
    }
}
