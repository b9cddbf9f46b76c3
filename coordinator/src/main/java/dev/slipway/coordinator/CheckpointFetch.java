package dev.slipway.coordinator;

import dev.slipway.cluster.v1.CheckpointServiceGrpc;
import dev.slipway.cluster.v1.FileBegin;
import dev.slipway.cluster.v1.StreamCheckpointRequest;
import dev.slipway.cluster.v1.StreamCheckpointResponse;
import dev.slipway.coordinator.storage.DataLayout;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.BlockingClientCall;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/// Fetches the leader's data into a folder of its own. Whatever goes wrong, nothing of it is used:
/// only a whole checkpoint is marked as such ({@link DataFolder#adopt}).
final class CheckpointFetch {
    private static final int MAX_MESSAGE = 1 << 20;

    private final DataLayout layout;
    private final String leader;
    private @Nullable Receiving file;
    private int files;

    /// A file that is being received.
    private record Receiving(FileBegin begin, OutputStream out, MessageDigest digest, long[] got) {}

    /// @param leader HOST:PORT
    CheckpointFetch(DataLayout layout, String leader) {
        this.layout = layout;
        this.leader = leader;
    }

    /// @param memberId who asks
    /// @return the journal's position of what was fetched
    /// @throws SlipwayException when it could not be fetched whole
    long run(String memberId) throws InterruptedException {
        ManagedChannel channel =
                NettyChannelBuilder.forTarget(leader)
                        .usePlaintext()
                        .maxInboundMessageSize(MAX_MESSAGE)
                        .keepAliveTime(20, TimeUnit.SECONDS)
                        .keepAliveTimeout(10, TimeUnit.SECONDS)
                        // Also before the leader's first word: it may stand still.
                        .keepAliveWithoutCalls(true)
                        .build();
        try {
            DataFolder.delete(layout.incoming());
            Files.createDirectories(layout.incoming().resolve("logs"));
            Files.createDirectories(layout.incoming().resolve("db"));
            var pieces =
                    CheckpointServiceGrpc.newBlockingV2Stub(channel)
                            .streamCheckpoint(
                                    StreamCheckpointRequest.newBuilder()
                                            .setMemberId(memberId)
                                            .build());
            return receive(pieces);
        } catch (StatusException | IOException problem) {
            throw failed(String.valueOf(problem.getMessage()), problem);
        } finally {
            channel.shutdownNow();
            closeFile();
        }
    }

    private long receive(BlockingClientCall<?, StreamCheckpointResponse> pieces)
            throws InterruptedException, StatusException, IOException {
        for (var piece = pieces.read(); piece != null; piece = pieces.read()) {
            switch (piece.getPieceCase()) {
                case BEGIN -> begin(piece.getBegin());
                case DATA -> {
                    Receiving current = current();
                    piece.getData().writeTo(current.out());
                    current.got()[0] += piece.getData().size();
                }
                case END -> end(piece.getEnd().getSha256());
                case COMPLETE -> {
                    if (file != null || piece.getComplete().getFiles() != files) {
                        throw failed("files are missing", null);
                    }
                    sync(layout.incoming().resolve("db"));
                    sync(layout.incoming().resolve("logs"));
                    Files.createFile(layout.incomingReady());
                    sync(layout.incoming());
                    return piece.getComplete().getPosition();
                }
                case PIECE_NOT_SET -> throw failed("a piece is of an unknown kind", null);
            }
        }
        throw failed("the stream ended early", null);
    }

    private void begin(FileBegin begin) throws IOException {
        Path target = layout.incoming().resolve(begin.getPath()).normalize();
        boolean inside =
                target.getParent() != null
                        && (target.getParent().equals(layout.incoming().resolve("db"))
                                || target.getParent().equals(layout.incoming().resolve("logs")));
        if (file != null || !inside) {
            throw failed("it names the file '%s'".formatted(begin.getPath()), null);
        }
        MessageDigest digest = sha256();
        var out = new DigestOutputStream(Files.newOutputStream(target), digest);
        file = new Receiving(begin, out, digest, new long[1]);
    }

    private void end(String sha256) throws IOException {
        Receiving current = current();
        current.out().close();
        file = null;
        String actual = HexFormat.of().formatHex(current.digest().digest());
        if (!actual.equals(sha256) || current.got()[0] != current.begin().getSize()) {
            throw failed("%s came damaged".formatted(current.begin().getPath()), null);
        }
        sync(layout.incoming().resolve(current.begin().getPath()));
        files++;
    }

    private Receiving current() {
        Receiving current = file;
        if (current == null) {
            throw failed("data came without a file", null);
        }
        return current;
    }

    private void closeFile() {
        Receiving open = file;
        if (open != null) {
            try {
                open.out().close();
            } catch (IOException unusable) {
                throw failed(String.valueOf(unusable.getMessage()), unusable);
            }
        }
    }

    private static void sync(Path path) throws IOException {
        try (var channel = FileChannel.open(path)) {
            channel.force(true);
        }
    }

    private SlipwayException failed(String why, @Nullable Throwable cause) {
        String text =
                "The checkpoint of the leader at %s could not be fetched (%s)."
                        .formatted(leader, why);
        return cause == null
                ? new SlipwayException(ErrorCode.STORAGE_FAILED, text)
                : new SlipwayException(ErrorCode.STORAGE_FAILED, text, cause);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
